// SPDX-License-Identifier: GPL-3.0-or-later
import { open, readFile } from 'node:fs/promises';
import { FR } from '../protocol/field.ts';
import { CircuitFileError } from './circuit-error.ts';

/** Sum of coefficient times wire. */
export interface LinearCombination {
  readonly wires: readonly number[];
  readonly coefficients: readonly bigint[];
}

/** a * b = c */
export interface Constraint {
  readonly a: LinearCombination;
  readonly b: LinearCombination;
  readonly c: LinearCombination;
}

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
  readonly rows: readonly Constraint[];
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
  // Few coefficients are distinct: keep one bigint of each.
  const interned = new Map<bigint, bigint>();
  const intern = (value: bigint): bigint => {
    const known = interned.get(value);
    if (known !== undefined) return known;
    interned.set(value, value);
    return value;
  };
  let offset = section(all, 2).offset;
  const combination = (): LinearCombination => {
    const size = file.readUInt32LE(offset);
    offset += 4;
    const wires = new Array<number>(size);
    const coefficients = new Array<bigint>(size);
    for (let i = 0; i < size; i++, offset += 4 + FIELD_BYTES) {
      wires[i] = file.readUInt32LE(offset);
      coefficients[i] = intern(readField(file, offset + 4));
    }
    return { wires, coefficients };
  };
  const rows: Constraint[] = [];
  for (let i = 0; i < header.constraints; i++) rows.push({ a: combination(), b: combination(), c: combination() });
  return { ...header, rows };
}

function evaluate(lc: LinearCombination, witness: readonly bigint[]): bigint {
  let sum = 0n;
  for (let i = 0; i < lc.wires.length; i++) {
    sum += (lc.coefficients[i] ?? 0n) * (witness[lc.wires[i] ?? 0] ?? 0n);
  }
  return sum % FR;
}

/** Whether one constraint holds. */
export function holds(row: Constraint, witness: readonly bigint[]): boolean {
  return (evaluate(row.a, witness) * evaluate(row.b, witness) - evaluate(row.c, witness)) % FR === 0n;
}

/** Index of the first constraint that fails, or -1. */
export function firstUnsatisfied(r1cs: R1cs, witness: readonly bigint[]): number {
  return r1cs.rows.findIndex((row) => !holds(row, witness));
}
