// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from './bytes.ts';
import { InvalidFieldError } from './errors.ts';
import { FQ, parseDecimal } from './field.ts';

/**
 * A Groth16 proof on BN254, affine, coordinates in [0, q); G2 coordinates as [c0, c1]. Not checked to be on the curve.
 */
export interface Proof {
  readonly a: readonly [bigint, bigint];
  readonly b: readonly [readonly [bigint, bigint], readonly [bigint, bigint]];
  readonly c: readonly [bigint, bigint];
}

/** A proof in snarkjs's JSON form. */
export interface ProofJson {
  readonly protocol: 'groth16';
  readonly curve: 'bn128';
  readonly pi_a: readonly [string, string, string];
  readonly pi_b: readonly [readonly [string, string], readonly [string, string], readonly [string, string]];
  readonly pi_c: readonly [string, string, string];
}

/** A finished proof of a statement, with the key that it was made for. */
export interface ProvedStatement {
  /** 32 bytes */
  readonly keyHash: Hex;
  readonly circuit: string;
  /** canonical decimals, in the circuit's order */
  readonly publicSignals: readonly string[];
  readonly proof: ProofJson;
}

/**
 * What `verifyProof` of a generated Solidity verifier takes: EIP-197 wants the imaginary part of G2 coordinates first.
 */
export interface SolidityProof {
  readonly a: readonly [bigint, bigint];
  readonly b: readonly [readonly [bigint, bigint], readonly [bigint, bigint]];
  readonly c: readonly [bigint, bigint];
}

/**
 * Parse snarkjs's JSON form: canonical decimals below q, affine (third coordinate one), nothing else.
 * @throws InvalidFieldError
 */
export function parseProof(json: unknown): Proof {
  const object = requireObject(json, 'proof');
  const known = ['protocol', 'curve', 'pi_a', 'pi_b', 'pi_c'];
  const extra = Object.keys(object).find((key) => !known.includes(key));
  if (extra !== undefined) throw new InvalidFieldError(`proof.${extra}`, 'no such field');
  if (object['protocol'] !== 'groth16') throw new InvalidFieldError('proof.protocol', 'groth16');
  if (object['curve'] !== 'bn128') throw new InvalidFieldError('proof.curve', 'bn128');
  return {
    a: parseG1(object['pi_a'], 'proof.pi_a'),
    b: parseG2(object['pi_b'], 'proof.pi_b'),
    c: parseG1(object['pi_c'], 'proof.pi_c'),
  };
}

/** Inverse of `parseProof`. */
export function proofToJson({ a, b, c }: Proof): ProofJson {
  return {
    protocol: 'groth16',
    curve: 'bn128',
    pi_a: [`${a[0]}`, `${a[1]}`, '1'],
    pi_b: [
      [`${b[0][0]}`, `${b[0][1]}`],
      [`${b[1][0]}`, `${b[1][1]}`],
      ['1', '0'],
    ],
    pi_c: [`${c[0]}`, `${c[1]}`, '1'],
  };
}

export function toSolidityProof({ a, b, c }: Proof): SolidityProof {
  return {
    a,
    b: [
      [b[0][1], b[0][0]],
      [b[1][1], b[1][0]],
    ],
    c,
  };
}

function parseG1(value: unknown, label: string): readonly [bigint, bigint] {
  const [x, y, z] = requireArray(value, 3, label);
  if (z !== '1') throw new InvalidFieldError(`${label}[2]`, '"1", an affine point');
  return [parseFq(x, `${label}[0]`), parseFq(y, `${label}[1]`)];
}

function parseG2(value: unknown, label: string): Proof['b'] {
  const [x, y, z] = requireArray(value, 3, label);
  const [z0, z1] = requireArray(z, 2, `${label}[2]`);
  if (z0 !== '1' || z1 !== '0') throw new InvalidFieldError(`${label}[2]`, '["1", "0"], an affine point');
  return [parseFq2(x, `${label}[0]`), parseFq2(y, `${label}[1]`)];
}

function parseFq2(value: unknown, label: string): readonly [bigint, bigint] {
  const [c0, c1] = requireArray(value, 2, label);
  return [parseFq(c0, `${label}[0]`), parseFq(c1, `${label}[1]`)];
}

function parseFq(value: unknown, label: string): bigint {
  const n = parseDecimal(value, label);
  if (n >= FQ) throw new InvalidFieldError(label, 'an integer in [0, q), q the BN254 base field order');
  return n;
}

function requireArray(value: unknown, length: number, label: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length !== length) throw new InvalidFieldError(label, `an array of ${length}`);
  return value;
}

function requireObject(value: unknown, label: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidFieldError(label, 'an object');
  }
  return value as Record<string, unknown>;
}
