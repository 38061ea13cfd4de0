// SPDX-License-Identifier: GPL-3.0-or-later
import { FR } from '../../protocol/field.ts';
import type { R1cs } from '../r1cs.ts';

interface Row {
  /** values of two of the three combinations at the witness; the third is their product */
  readonly a: bigint;
  readonly b: bigint;
}

interface Occurrence {
  readonly row: number;
  a: bigint;
  b: bigint;
  c: bigint;
}

const SIDES = ['a', 'b', 'c'] as const;

const mod = (value: bigint): bigint => ((value % FR) + FR) % FR;

/**
 * Which wires can be edited alone. Changing a wire by d turns each of its constraints into
 * (a + d*ka)(b + d*kb) = c + d*kc, which has at most one solution d other than zero unless it vanishes; so the test is
 * over all r - 1 edits of every wire at once, not over a sample.
 * @param witness satisfies the circuit
 * @returns wire and an edit that no constraint notices (1 when none ever would)
 */
export function unnoticedEdits(r1cs: R1cs, witness: readonly bigint[]): Map<number, bigint> {
  const { combinations } = r1cs;
  const value = (combination: number): bigint => combinations.value(combination, witness) % FR;
  const occurrences: Occurrence[][] = Array.from({ length: r1cs.wires }, () => []);
  const rows = Array.from({ length: r1cs.constraints }, (_, row): Row => {
    for (const [i, side] of SIDES.entries()) {
      combinations.forEachTerm(3 * row + i, (wire, coefficient) => {
        const of = occurrences[wire] ?? [];
        let last = of.at(-1);
        if (last?.row !== row) of.push((last = { row, a: 0n, b: 0n, c: 0n }));
        last[side] = mod(last[side] + coefficient);
      });
    }
    return { a: value(3 * row), b: value(3 * row + 1) };
  });
  const unnoticed = new Map<number, bigint>();
  for (let wire = 1; wire < r1cs.wires; wire++) {
    const edit = editOf(occurrences[wire] ?? [], rows);
    if (edit !== undefined) unnoticed.set(wire, edit);
  }
  return unnoticed;
}

/** An edit that all rows allow, or undefined. */
function editOf(occurrences: readonly Occurrence[], rows: readonly Row[]): bigint | undefined {
  let candidate: bigint | undefined;
  for (const { row, a: ka, b: kb, c: kc } of occurrences) {
    const { a, b } = rows[row] ?? { a: 0n, b: 0n };
    // d*ka*kb + (a*kb + b*ka - kc) = 0
    const quadratic = mod(ka * kb);
    const linear = mod(a * kb + b * ka - kc);
    if (candidate !== undefined) {
      if (mod(quadratic * candidate + linear) !== 0n) return undefined;
    } else if (quadratic !== 0n) {
      candidate = mod(-linear * inverse(quadratic));
      if (candidate === 0n) return undefined;
    } else if (linear !== 0n) {
      return undefined;
    }
  }
  return candidate ?? 1n;
}

/** In the scalar field; by extended Euclid. */
export function inverse(of: bigint): bigint {
  let [r0, r1, t0, t1] = [FR, mod(of), 0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1] = [r1, r0 - q * r1];
    [t0, t1] = [t1, t0 - q * t1];
  }
  return mod(t0);
}
