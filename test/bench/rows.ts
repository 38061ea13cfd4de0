// SPDX-License-Identifier: GPL-3.0-or-later

/** One measurement beside its peer's, both of the same run. */
export interface Row {
  readonly name: string;
  readonly unit: 's' | 'ms' | 'MiB' | 'requests/s';
  readonly ours: number;
  /** null where no peer was measured */
  readonly peer: number | null;
  readonly peerName: string | null;
  /** how many times better ours is; null without a peer */
  readonly ratio: number | null;
}

/** @param peer what the peer measured in the same unit, if it was there */
export function row(name: string, unit: Row['unit'], ours: number, peerName?: string, peer?: number): Row {
  if (peerName === undefined || peer === undefined) {
    return { name, unit, ours, peer: null, peerName: null, ratio: null };
  }
  const better = unit === 'requests/s' ? ours / peer : peer / ours;
  return { name, unit, ours, peer, peerName, ratio: better };
}

/** Rows as a Markdown table, as the README carries it. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map((entry) => [
    entry.name,
    measured(entry.ours, entry.unit),
    entry.peer === null ? '' : measured(entry.peer, entry.unit),
    entry.peerName ?? '',
    entry.ratio === null ? '' : `${significant(entry.ratio)}x`,
  ]);
  const all = [['what', 'ours', 'peer', 'which', 'ratio'], ...cells];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  const line = (words: readonly string[]): string =>
    `| ${words.map((word, column) => word.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

function measured(value: number, unit: Row['unit']): string {
  return `${significant(value)} ${unit}`;
}

/** Three digits that mean something. */
function significant(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
