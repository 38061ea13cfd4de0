// SPDX-License-Identifier: GPL-3.0-or-later
import { FR } from '../../protocol/field.ts';
import type { R1cs } from '../r1cs.ts';
import { inverse } from './single-edits.ts';

const mod = (value: bigint): bigint => ((value % FR) + FR) % FR;

type SparseRow = Map<number, bigint>;

export interface JacobianReport {
  /** wires that are neither the constant nor inputs and occur in a constraint */
  readonly unknowns: number;
  readonly rank: number;
  /**
   * wires not fixed by the rest; empty when the rank is full. (Which of several dependent wires is named is arbitrary.)
   */
  readonly free: readonly number[];
}

/**
 * Rank of the constraints' derivative at an honest witness, with all inputs held fixed. Full rank: no wire can move
 * while the inputs stand still, so none is left undetermined continuously. (Discrete choices, such as a second encoding
 * of a number, need tests of their own.) A wire that no constraint mentions would be free; circom's optimiser drops it.
 * @param witness satisfies the circuit
 * @param inputs wires that stand still
 */
export function jacobian(r1cs: R1cs, witness: readonly bigint[], inputs: ReadonlySet<number>): JacobianReport {
  const isFixed = (wire: number): boolean => wire === 0 || inputs.has(wire);
  const { combinations } = r1cs;
  const unknown = new Set<number>();
  const rows = Array.from({ length: r1cs.constraints }, (_, index) => {
    const row: SparseRow = new Map();
    const [a, b, c] = [3 * index, 3 * index + 1, 3 * index + 2] as const;
    const add = (combination: number, factor: bigint): void =>
      combinations.forEachTerm(combination, (wire, coefficient) => {
        if (isFixed(wire)) return;
        unknown.add(wire);
        if (factor !== 0n) row.set(wire, (row.get(wire) ?? 0n) + coefficient * factor);
      });
    add(a, combinations.value(b, witness) % FR);
    add(b, combinations.value(a, witness) % FR);
    add(c, -1n);
    for (const [wire, coefficient] of row) {
      const reduced = mod(coefficient);
      if (reduced === 0n) row.delete(wire);
      else row.set(wire, reduced);
    }
    return row;
  });
  const determined = propagate(rows);
  const pivots = eliminate(rows.filter((row) => row.size > 0));
  const free = [...unknown].filter((wire) => !determined.has(wire) && !pivots.has(wire));
  return { unknowns: unknown.size, rank: determined.size + pivots.size, free };
}

/** Take out, again and again, the wire that stands alone in a row: it cannot move. Empties those rows. */
function propagate(rows: readonly SparseRow[]): Set<number> {
  const determined = new Set<number>();
  const rowsOf = new Map<number, SparseRow[]>();
  for (const row of rows) {
    for (const wire of row.keys()) {
      const of = rowsOf.get(wire);
      if (of) of.push(row);
      else rowsOf.set(wire, [row]);
    }
  }
  const single = rows.filter((row) => row.size === 1);
  for (let row = single.pop(); row; row = single.pop()) {
    const [wire] = row.keys();
    if (wire === undefined) continue;
    determined.add(wire);
    for (const other of rowsOf.get(wire) ?? []) if (other.delete(wire) && other.size === 1) single.push(other);
  }
  return determined;
}

/** Gaussian elimination on sparse rows, shortest first; returns the pivot wires. */
function eliminate(rows: SparseRow[]): Set<number> {
  const pivots = new Map<number, SparseRow>();
  for (const row of rows.sort((x, y) => x.size - y.size)) {
    for (;;) {
      const known = [...row.keys()].find((wire) => pivots.has(wire));
      if (known === undefined) break;
      const factor = row.get(known) ?? 0n;
      for (const [wire, coefficient] of pivots.get(known) ?? []) {
        const sum = mod((row.get(wire) ?? 0n) - factor * coefficient);
        if (sum === 0n) row.delete(wire);
        else row.set(wire, sum);
      }
    }
    const [pivot] = row.keys();
    if (pivot === undefined) continue;
    const scale = inverse(row.get(pivot) ?? 0n);
    for (const [wire, coefficient] of row) row.set(wire, mod(coefficient * scale));
    pivots.set(pivot, row);
  }
  return new Set(pivots.keys());
}
