// SPDX-License-Identifier: GPL-3.0-or-later
import { InvalidFieldError } from '../../../protocol/errors.ts';
import { FR } from '../../../protocol/field.ts';
import type { CircuitInput } from '../../statement-kind.ts';
import {
  combinationBounds,
  combine,
  multiplierPolynomial,
  multipliersFor,
  zeroModuloInputs,
  type ZeroModuloInputs,
} from '../nonnative/combination.ts';
import { bounds, limbsOf, polynomials, type Polynomial, type PolynomialRing } from '../nonnative/polynomial-ring.ts';
import { NonnativeTranscript, type SizedNumber } from '../nonnative/transcript.ts';
import { whereHintsExist } from '../no-hint-error.ts';
import { modulo } from '../prime-field.ts';
import { combTable, COMB_WINDOWS } from './comb-table.ts';
import { FIELD_PRIME, GROUP_ORDER } from './curve25519.ts';
import { decodePoint, type DecodedPoint } from './decode-point.ts';
import { bitsOfDigits, digitsOfBits, digitsPolynomial, oddDigits, oddRepresentative, valueOfDigits } from './digits.ts';
import { CurveRelations, KEY_WINDOWS, WEIGHT_WINDOWS } from './relations.ts';

const TAG = BigInt(`0x${Buffer.from('phalanx ed25519 1').toString('hex')}000000`);
const DIGIT_BITS = 4;
const COMB_BITS = 6;
const OFFSET_WINDOWS = 22;
const ELEMENT_BITS = 255;
const SCALAR_BITS = 253;
/** Degrees that lib/ed25519/ed25519_batch.circom counts with, and one. */
const FIELD_COEFFICIENTS = 35;
const ORDER_COEFFICIENTS = 25;

/** An Ed25519 signature and its challenge; all little-endian numbers. */
export interface EncodedSignature {
  /** A: 32 bytes */
  readonly key: bigint;
  /** R: 32 bytes */
  readonly r: bigint;
  /** S: 32 bytes */
  readonly s: bigint;
  /** SHA-512(R | A | M), 64 bytes, not reduced */
  readonly digest: bigint;
}

/** A signature with its points. */
export interface DecodedSignature extends EncodedSignature {
  readonly keyPoint: DecodedPoint;
  readonly nonce: DecodedPoint;
}

/** The scalars of a batch, as digits: lowest first. */
export interface BatchDigits {
  /** z_1 to z_(n-1); z_0 is 1 */
  readonly weights: readonly (readonly number[])[];
  /** d_i = z_i h_i modulo L */
  readonly keys: readonly (readonly number[])[];
  /** tau */
  readonly offset: readonly number[];
  /** D = sum z_i s_i + 2^251 tau modulo L */
  readonly sum: readonly number[];
}

/** @throws InvalidFieldError when A or R is no point's encoding, or S or the digest out of range */
export function decodeSignature(signature: EncodedSignature, label: string): DecodedSignature {
  const { key, r, s, digest } = signature;
  if (s < 0n || s >= GROUP_ORDER) throw new InvalidFieldError(`${label}.s`, 'a scalar below the group order');
  if (digest < 0n || digest >> 512n !== 0n) throw new InvalidFieldError(`${label}.digest`, 'a digest of 64 bytes');
  return { ...signature, keyPoint: decodePoint(key, `${label}.key`), nonce: decodePoint(r, `${label}.r`) };
}

const signBits = ({ key, r, digest }: EncodedSignature): SizedNumber[] => [
  { value: key, bits: 256 },
  { value: r, bits: 256 },
  { value: digest, bits: 512 },
];
const flagBits = ({ exceptional }: DecodedPoint): SizedNumber[] =>
  exceptional.map((flag) => ({ value: flag ? 1n : 0n, bits: 1 }));
const keyBits = (digits: readonly number[]): SizedNumber => ({
  value: bitsOfDigits(digits, DIGIT_BITS),
  bits: DIGIT_BITS * KEY_WINDOWS,
});

/** A of all signatures, then R of all. */
const encodedPoints = (signatures: readonly DecodedSignature[]): DecodedPoint[] => [
  ...signatures.map(({ keyPoint }) => keyPoint),
  ...signatures.map(({ nonce }) => nonce),
];

/** Weights drawn for these signatures: z_1 to z_(n-1). */
export function drawWeights(transcript: NonnativeTranscript, signatures: readonly DecodedSignature[]): number[][] {
  const statement = [...signatures.flatMap(signBits), ...encodedPoints(signatures).flatMap(flagBits)];
  const scalars = signatures.map(({ s }) => s);
  return transcript
    .statement(statement, scalars, SCALAR_BITS, signatures.length - 1)
    .map((weight) => digitsOfBits(weight, DIGIT_BITS, WEIGHT_WINDOWS));
}

/** tau, drawn for these answers to the weights. */
export function drawOffset(transcript: NonnativeTranscript, keys: BatchDigits['keys']): number[] {
  return digitsOfBits(transcript.answer(keys.map(keyBits)), COMB_BITS, OFFSET_WINDOWS);
}

const weightOf = (weights: BatchDigits['weights'], i: number): bigint => {
  const digits = weights[i - 1];
  return digits ? valueOfDigits(digits, DIGIT_BITS) : 1n;
};

/** d_i = z_i h_i modulo L */
export function keyDigits(signatures: readonly EncodedSignature[], weights: BatchDigits['weights']): number[][] {
  return signatures.map(({ digest }, i) =>
    oddDigits(oddRepresentative(weightOf(weights, i) * digest), DIGIT_BITS, KEY_WINDOWS),
  );
}

/** D = sum z_i s_i + 2^251 tau modulo L */
export function sumDigits(
  signatures: readonly EncodedSignature[],
  weights: BatchDigits['weights'],
  offset: readonly number[],
): number[] {
  const weighted = signatures.reduce((sum, { s }, i) => sum + weightOf(weights, i) * s, 0n);
  const total = weighted + (valueOfDigits(offset, COMB_BITS) << 251n);
  return oddDigits(oddRepresentative(total), COMB_BITS, COMB_WINDOWS);
}

/** All of them, as an honest prover has them. */
export function batchDigits(transcript: NonnativeTranscript, signatures: readonly DecodedSignature[]): BatchDigits {
  const weights = drawWeights(transcript, signatures);
  const keys = keyDigits(signatures, weights);
  const offset = drawOffset(transcript, keys);
  return { weights, keys, offset, sum: sumDigits(signatures, weights, offset) };
}

/** lib/ed25519/ed25519_batch.circom: hints and relations modulo p. */
export function traceCurve<T>(
  trace: CurveRelations<T>,
  signatures: readonly DecodedSignature[],
  digits: BatchDigits,
): void {
  const points = encodedPoints(signatures).map(({ y, x, point, exceptional }) =>
    trace.decompressedPoint(y, x, point, exceptional.includes(true)),
  );
  const n = signatures.length;
  const [single] = points.splice(n, 1);
  if (!single) throw new RangeError('an empty batch');
  const tables = points.map((point) => trace.oddMultiples(point));
  const table = combTable();
  const start = trace.comb(table, digits.offset);
  const term = (of: readonly (readonly number[])[], from: number) =>
    of.map((one, i) => ({ multiples: tables[from + i] ?? [], digits: one }));
  let sum = trace.straus(start, term(digits.keys, 0), term(digits.weights, n), single);
  for (let k = 0; k < 3; k++) sum = trace.double(sum);
  trace.equal(sum, trace.comb(table, digits.sum));
}

/** lib/ed25519/ed25519_batch.circom: relations modulo L. */
export function traceOrder<T>(
  ring: PolynomialRing<T>,
  signatures: readonly EncodedSignature[],
  digits: BatchDigits,
): T[] {
  const relations: T[] = [];
  let total = ring.coefficients([]);
  const digestBounds = limbsOf((1n << 512n) - 1n, 16);
  signatures.forEach(({ s, digest }, i) => {
    const scalar = ring.element(s, 8, 29);
    const hash = ring.coefficients(limbsOf(digest, 16), digestBounds);
    const weightDigits = digits.weights[i - 1];
    const weight = weightDigits ? digitsPolynomial(ring, weightDigits, DIGIT_BITS) : ring.coefficients([1n]);
    const key = digitsPolynomial(ring, digits.keys[i] ?? [], DIGIT_BITS);
    relations.push(ring.subtract(key, ring.multiply(weight, hash)));
    total = ring.add(total, ring.multiply(weight, scalar));
  });
  const tau = digitsPolynomial(ring, digits.offset, COMB_BITS);
  // 2^251 is X^7 2^27.
  const shifted = ring.multiply(tau, ring.coefficients([0n, 0n, 0n, 0n, 0n, 0n, 0n, 1n << 27n]));
  const sum = digitsPolynomial(ring, digits.sum, COMB_BITS);
  return [...relations, ring.subtract(ring.subtract(sum, total), shifted)];
}

/** Bits of the combinations' coefficients at worst: [modulo p, modulo L]. Depends on the number of signatures alone. */
export function combinationBits(
  signatures: readonly DecodedSignature[],
  digits: BatchDigits,
): readonly [number, number] {
  const field = new CurveRelations(bounds);
  traceCurve(field, signatures, digits);
  const multipliers = multipliersFor(field.relations.length);
  const bits = (relations: readonly Polynomial[]): number =>
    Math.max(...combinationBounds(relations, multipliers).map((bound) => bound.toString(2).length));
  return [bits(field.relations), bits(traceOrder(bounds, signatures, digits))];
}

export const batchTranscript = (n: number): NonnativeTranscript => new NonnativeTranscript(TAG + 256n * BigInt(n));

/** Inputs of Ed25519Batch, and whether its relations hold: else the circuit refuses them. */
export interface BatchInputs {
  readonly inputs: CircuitInput;
  readonly isSatisfied: boolean;
}

/** Combine the relations by what the transcript draws for these hints. */
export function closeBatch(
  transcript: NonnativeTranscript,
  signatures: readonly DecodedSignature[],
  digits: BatchDigits,
  trace: CurveRelations<Polynomial>,
  order: readonly Polynomial[],
): BatchInputs {
  const exceptional = encodedPoints(signatures).map((point) => point.exceptional.map((flag) => (flag ? 1n : 0n)));
  const sumBits = bitsOfDigits(digits.sum, COMB_BITS);
  const third = [{ value: sumBits, bits: COMB_BITS * COMB_WINDOWS }];
  const multipliers = transcript
    .hints(third, trace.elements, ELEMENT_BITS, multipliersFor(trace.relations.length))
    .map(multiplierPolynomial);
  const combined = (relations: readonly Polynomial[], count: number, modulus: bigint): ZeroModuloInputs =>
    zeroModuloInputs(combine(polynomials, relations, multipliers), count, modulus);
  const field = combined(trace.relations, FIELD_COEFFICIENTS, FIELD_PRIME);
  const scalars = combined(order, ORDER_COEFFICIENTS, GROUP_ORDER);
  const canonical = (values: readonly bigint[]): bigint[] => values.map((value) => modulo(value, FR));
  return {
    inputs: {
      a: signatures.map(({ key }) => bitsOf(key, 256)),
      r: signatures.map(({ r }) => bitsOf(r, 256)),
      h: signatures.map(({ digest }) => bitsOf(digest, 512)),
      s: signatures.map(({ s }) => limbsOf(s, 8)),
      keyDigits: digits.keys.map((one) => bitsOf(bitsOfDigits(one, DIGIT_BITS), DIGIT_BITS * KEY_WINDOWS)),
      sumDigits: bitsOf(sumBits, COMB_BITS * COMB_WINDOWS),
      exceptional,
      element: trace.elements.map((element) => limbsOf(element, 8)),
      fieldCoefficient: canonical(field.coefficients),
      orderCoefficient: canonical(scalars.coefficients),
      fieldQuotient: field.quotient,
      orderQuotient: scalars.quotient,
    },
    isSatisfied: field.isMultiple && scalars.isMultiple,
  };
}

/**
 * Inputs of Ed25519Batch(n) for n signatures, those beside the statement included.
 * @throws InvalidFieldError when one is malformed, when the batch does not verify under ZIP-215, or when it is one of
 *   those without a proof, which take some 2^118 tries to find (lib/ed25519's README, completeness)
 */
export function buildEd25519Inputs(signatures: readonly EncodedSignature[]): CircuitInput {
  const decoded = signatures.map((signature, i) => decodeSignature(signature, `signatures[${i}]`));
  const { inputs, isSatisfied } = whereHintsExist('signatures', 'a batch that has a proof, as in another order', () => {
    const transcript = batchTranscript(decoded.length);
    const digits = batchDigits(transcript, decoded);
    const trace = new CurveRelations(polynomials);
    traceCurve(trace, decoded, digits);
    return closeBatch(transcript, decoded, digits, trace, traceOrder(polynomials, decoded, digits));
  });
  if (!isSatisfied) throw new InvalidFieldError('signatures', 'signatures that verify');
  return inputs;
}

function bitsOf(value: bigint, count: number): bigint[] {
  return Array.from({ length: count }, (_, i) => (value >> BigInt(i)) & 1n);
}
