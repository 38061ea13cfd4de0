// SPDX-License-Identifier: GPL-3.0-or-later

/** One line of contracts/GAS.md. */
export interface GasRow {
  readonly what: string;
  readonly used: bigint;
  readonly limit?: bigint;
}

const digits = (n: bigint): string => n.toLocaleString('en-US');

/** The rows of a table as `formatGasTable` writes it. */
export function gasTable(text: string): GasRow[] {
  return [...text.matchAll(/^\| ([^|]+?) +\| +([\d,]+) \| +([\d,]*) *\|$/gm)].map(
    ([, what = '', used = '', limit = '']) => ({
      what,
      used: BigInt(used.replaceAll(',', '')),
      ...(limit && { limit: BigInt(limit.replaceAll(',', '')) }),
    }),
  );
}

export function formatGasTable(rows: readonly GasRow[]): string {
  const width = Math.max(...rows.map(({ what }) => what.length));
  return [
    `| ${'transaction'.padEnd(width)} | gas used | must stay below |`,
    `| ${'-'.repeat(width)} | -------: | --------------: |`,
    ...rows.map(
      ({ what, used, limit }) =>
        `| ${what.padEnd(width)} | ${digits(used).padStart(8)} | ${(limit === undefined ? '' : digits(limit)).padStart(15)} |`,
    ),
  ].join('\n');
}
