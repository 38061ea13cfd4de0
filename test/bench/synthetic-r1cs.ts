// SPDX-License-Identifier: GPL-3.0-or-later
import { writeFileSync } from 'node:fs';
import { FR } from '../../protocol/field.ts';

const FIELD = 32;
/** of A, B and C, as compiled circuits have them about */
const TERMS = [2, 2, 1] as const;
const CONSTRAINT_BYTES = TERMS.reduce<number>((sum, terms) => sum + 4 + terms * (4 + FIELD), 0);

/**
 * Write constraints that only their number matters of: constraint i is (w[i] + 2 w[i+1]) (3 w[i] + w[i+2]) = w[i+3].
 * @param path file to write, in iden3's r1cs format, version 1; one public input
 * @param constraints at least 1
 */
export function writeSyntheticR1cs(path: string, constraints: number): void {
  const wires = constraints + 4;
  const sizes = [4 + FIELD + 28, constraints * CONSTRAINT_BYTES, 8 * wires];
  const bytes = Buffer.alloc(12 + sizes.reduce((sum, size) => sum + 12 + size, 0));
  let at = 0;
  const u32 = (value: number): void => void (at = bytes.writeUInt32LE(value, at));
  const u64 = (value: number): void => void (at = bytes.writeBigUInt64LE(BigInt(value), at));
  const section = (index: number): void => {
    u32(index);
    u64(sizes[index - 1] ?? 0);
  };
  const term = (wire: number, coefficient: number): void => {
    u32(wire);
    u32(coefficient);
    at += FIELD - 4;
  };
  at = bytes.write('r1cs', at, 'latin1');
  u32(1);
  u32(sizes.length);
  section(1);
  u32(FIELD);
  for (let word = 0n; word < 4n; word++) at = bytes.writeBigUInt64LE((FR >> (64n * word)) & (2n ** 64n - 1n), at);
  for (const count of [wires, 0, 1, wires - 2]) u32(count);
  u64(wires);
  u32(constraints);
  section(2);
  for (let i = 0; i < constraints; i++) {
    u32(TERMS[0]);
    term(i, 1);
    term(i + 1, 2);
    u32(TERMS[1]);
    term(i, 3);
    term(i + 2, 1);
    u32(TERMS[2]);
    term(i + 3, 1);
  }
  section(3);
  for (let wire = 0; wire < wires; wire++) u64(wire);
  writeFileSync(path, bytes);
}
