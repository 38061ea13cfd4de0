// SPDX-License-Identifier: GPL-3.0-or-later
import { open, readFile } from 'node:fs/promises';
import { FR } from '../protocol/field.ts';
import { CircuitFileError } from './circuit-error.ts';
import { LinearCombinations } from './linear-combinations.ts';

/** Wire 0 is the constant 1; then public outputs, public inputs, private inputs, all other wires. */
export interface R1csHeader {
  readonly wires: number;
  readonly publicOutputs: number;
  readonly publicInputs: number;
  /** also those that the optimiser dropped: not all need have wires */
  readonly privateInputs: number;
  readonly constraints: number;
}

export interface R1cs extends R1csHeader {
  /** a, b and c of constraint i, a * b = c, are number 3i, 3i + 1 and 3i + 2 */
  readonly combinations: LinearCombinations;
  /** signal of each wire: 0 the constant; then main's outputs and inputs, dropped ones too; then all others */
  readonly labels: readonly number[];
}

const FIELD_BYTES = 32;

interface Section {
  readonly offset: number;
  readonly length: number;
}

function sections(file: Buffer): Map<number, Section> {
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'r1cs' || file.readUInt32LE(4) !== 1) {
    throw new CircuitFileError('not an r1cs file of version 1');
  }
  const found = new Map<number, Section>();
  let offset = 12;
  for (let left = file.readUInt32LE(8); left > 0 && offset + 12 <= file.length; left--) {
    const length = Number(file.readBigUInt64LE(offset + 4));
    found.set(file.readUInt32LE(offset), { offset: offset + 12, length });
    offset += 12 + length;
  }
  return found;
}

function section(all: Map<number, Section>, type: number): Section {
  const one = all.get(type);
  if (!one) throw new CircuitFileError(`r1cs file without section ${type}`);
  return one;
}

function parseHeader(file: Buffer, at: number): R1csHeader {
  if (file.readUInt32LE(at) !== FIELD_BYTES || readField(file, at + 4) !== FR) {
    throw new CircuitFileError('r1cs file over another field than BN254');
  }
  const o = at + 4 + FIELD_BYTES;
  return {
    wires: file.readUInt32LE(o),
    publicOutputs: file.readUInt32LE(o + 4),
    publicInputs: file.readUInt32LE(o + 8),
    privateInputs: file.readUInt32LE(o + 12),
    constraints: file.readUInt32LE(o + 24),
  };
}

function readField(file: Buffer, at: number): bigint {
  return (
    file.readBigUInt64LE(at) |
    (file.readBigUInt64LE(at + 8) << 64n) |
    (file.readBigUInt64LE(at + 16) << 128n) |
    (file.readBigUInt64LE(at + 24) << 192n)
  );
}

/** @throws CircuitFileError */
export async function readR1csHeader(path: string): Promise<R1csHeader> {
  // Sections may come in any order (circom writes the constraints first): walk their heads, not the whole file.
  const handle = await open(path);
  try {
    const head = Buffer.alloc(12);
    let offset = 12;
    for (;;) {
      if ((await handle.read(head, 0, 12, offset)).bytesRead < 12)
        throw new CircuitFileError('r1cs file without header');
      const length = Number(head.readBigUInt64LE(4));
      if (head.readUInt32LE(0) === 1) {
        const body = Buffer.alloc(length);
        await handle.read(body, 0, length, offset + 12);
        return parseHeader(body, 0);
      }
      offset += 12 + length;
    }
  } finally {
    await handle.close();
  }
}

/** Whole circuit in memory: for tests and small circuits. @throws CircuitFileError */
export async function readR1cs(path: string): Promise<R1cs> {
  const file = await readFile(path);
  const all = sections(file);
  const header = parseHeader(file, section(all, 1).offset);
  const map = section(all, 3).offset;
  return {
    ...header,
    combinations: readCombinations(file, section(all, 2), 3 * header.constraints),
    labels: Array.from({ length: header.wires }, (_, wire) => Number(file.readBigUInt64LE(map + 8 * wire))),
  };
}

function readCombinations(file: Buffer, { offset, length }: Section, count: number): LinearCombinations {
  const terms = (length - 4 * count) / (4 + FIELD_BYTES);
  const starts = new Uint32Array(count + 1);
  const wires = new Uint32Array(terms);
  const places = new Uint32Array(terms);
  const coefficients: bigint[] = [];
  // Few coefficients are distinct. A string of their bytes is found faster than a bigint is made.
  const known = new Map<string, number>();
  let at = offset;
  let term = 0;
  for (let combination = 0; combination < count; combination++) {
    starts[combination] = term;
    const end = term + file.readUInt32LE(at);
    for (at += 4; term < end; term++, at += 4 + FIELD_BYTES) {
      wires[term] = file.readUInt32LE(at);
      const bytes = file.toString('latin1', at + 4, at + 4 + FIELD_BYTES);
      let place = known.get(bytes);
      if (place === undefined) {
        known.set(bytes, (place = coefficients.length));
        coefficients.push(leastAbsolute(readField(file, at + 4)));
      }
      places[term] = place;
    }
  }
  starts[count] = term;
  return new LinearCombinations(starts, wires, places, coefficients);
}

/** r - 1 is -1: small numbers multiply faster. */
const leastAbsolute = (value: bigint): bigint => (value > FR / 2n ? value - FR : value);

/** Wires of main's inputs, less those that the optimiser dropped: unused, or the same as another. */
export function inputWires({ labels, publicOutputs, publicInputs, privateInputs }: R1cs): Set<number> {
  const last = publicOutputs + publicInputs + privateInputs;
  return new Set(
    [...labels.keys()].filter((wire) => (labels[wire] ?? 0) > publicOutputs && (labels[wire] ?? 0) <= last),
  );
}

/** Index of the first constraint that fails, or -1. */
export function firstUnsatisfied({ constraints, combinations }: R1cs, witness: readonly bigint[]): number {
  for (let row = 0; row < constraints; row++) {
    const [a, b, c] = [0, 1, 2].map((side) => combinations.value(3 * row + side, witness)) as [bigint, bigint, bigint];
    if (((a % FR) * (b % FR) - c) % FR !== 0n) return row;
  }
  return -1;
}
