// SPDX-License-Identifier: GPL-3.0-or-later

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

export async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** One of the measured: how often in all, and what takes one measurement. */
export interface Contestant {
  readonly rounds: number;
  /** @returns what it took, in a unit of its own choice */
  readonly measure: () => Promise<number>;
}

/**
 * Measure by turns, so that what else the machine does strikes all alike.
 * @returns each one's median, by its name
 */
export async function byTurns<Name extends string>(
  contestants: Readonly<Partial<Record<Name, Contestant>>>,
): Promise<Partial<Record<Name, number>>> {
  const entries = Object.entries<Contestant | undefined>(contestants).flatMap(([name, entry]) =>
    entry === undefined ? [] : [{ name, entry, results: [] as number[] }],
  );
  const most = Math.max(...entries.map(({ entry }) => entry.rounds));
  for (let round = 0; round < most; round++) {
    for (const { entry, results } of entries) {
      // Spread over the whole run, also for those that go less often.
      if (results.length * most <= round * entry.rounds) results.push(await entry.measure());
    }
  }
  return Object.fromEntries(entries.map(({ name, results }) => [name, median(results)])) as Partial<
    Record<Name, number>
  >;
}
