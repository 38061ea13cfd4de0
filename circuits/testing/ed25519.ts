// SPDX-License-Identifier: GPL-3.0-or-later
import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import {
  batchTranscript,
  closeBatch,
  decodeSignature,
  drawOffset,
  drawWeights,
  keyDigits,
  sumDigits,
  traceCurve,
  traceOrder,
  type BatchDigits,
  type BatchInputs,
  type DecodedSignature,
  type EncodedSignature,
} from '../hints/ed25519/batch.ts';
import { GROUP_ORDER } from '../hints/ed25519/curve25519.ts';
import { CurveRelations } from '../hints/ed25519/relations.ts';
import { polynomials, type Polynomial } from '../hints/nonnative/polynomial-ring.ts';
import { modulo } from '../hints/prime-field.ts';

/*
 * Ed25519 signatures of every kind, by noble-curves, and batches of them, forged or not, as Ed25519Batch takes them.
 */

const { Point } = ed25519;
export type EdwardsPoint = ReturnType<typeof Point.fromHex>;

/** A signature as it travels. */
export interface Signed {
  readonly key: Uint8Array;
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
}

/** The eight points of order 1, 2, 4 and 8. */
export const TORSION: readonly EdwardsPoint[] = ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex, true));

export const littleEndian = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(bytes).reverse().toString('hex') || '0'}`);
export const bytes32 = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
export const times = (point: EdwardsPoint, scalar: bigint): EdwardsPoint => {
  const reduced = modulo(scalar, 8n * GROUP_ORDER);
  return reduced === 0n ? Point.ZERO : point.multiplyUnsafe(reduced % GROUP_ORDER).add(torsionPart(point, reduced));
};

/** What scalar mod L leaves out of scalar mod 8 L. */
function torsionPart(point: EdwardsPoint, scalar: bigint): EdwardsPoint {
  const rest = scalar - (scalar % GROUP_ORDER);
  let sum = Point.ZERO;
  for (let power = point, left = rest; left > 0n; left >>= 1n, power = power.double())
    if (left & 1n) sum = sum.add(power);
  return sum;
}

const digestOf = (r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint =>
  littleEndian(sha512(Uint8Array.from([...r, ...key, ...message])));

/** By a secret, as RFC 8032 has it. */
export function signed(secret: number, text: string): Signed {
  const seed = new Uint8Array(32).fill(secret);
  const message = new TextEncoder().encode(text);
  return { key: ed25519.getPublicKey(seed), signature: ed25519.sign(message, seed), message };
}

/** Parts of a signature that nobody is told how to choose. */
export interface OddParts {
  /** A = key * B + keyTorsion, R = nonce * B + nonceTorsion */
  readonly key?: bigint;
  readonly nonce?: bigint;
  readonly keyTorsion?: EdwardsPoint;
  readonly nonceTorsion?: EdwardsPoint;
  /** encodings in place of the canonical ones */
  readonly keyBytes?: Uint8Array;
  readonly nonceBytes?: Uint8Array;
  readonly text?: string;
}

/** Valid under ZIP-215, as 8 times the torsion is zero. */
export function oddSignature(parts: OddParts): Signed {
  const { key = 0n, nonce = 0n, keyTorsion = Point.ZERO, nonceTorsion = Point.ZERO, text = 'odd' } = parts;
  const keyBytes = parts.keyBytes ?? times(Point.BASE, key).add(keyTorsion).toBytes();
  const nonceBytes = parts.nonceBytes ?? times(Point.BASE, nonce).add(nonceTorsion).toBytes();
  const message = new TextEncoder().encode(text);
  const s = modulo(nonce + digestOf(nonceBytes, keyBytes, message) * key, GROUP_ORDER);
  return { key: keyBytes, signature: Uint8Array.from([...nonceBytes, ...bytes32(s)]), message };
}

export function encoded({ key, signature, message }: Signed): EncodedSignature {
  const r = signature.slice(0, 32);
  return {
    key: littleEndian(key),
    r: littleEndian(r),
    s: littleEndian(signature.slice(32)),
    digest: digestOf(r, key, message),
  };
}

/** The rule, by noble-curves. */
export function isValid({ key, signature, message }: Signed): boolean {
  try {
    return ed25519.verify(signature, message, key, { zip215: true });
  } catch {
    return false;
  }
}

/** What a forger changes on the way. */
export interface Forgery {
  readonly decode?: (signature: EncodedSignature, label: string) => DecodedSignature;
  readonly keys?: (weights: BatchDigits['weights']) => BatchDigits['keys'];
  readonly offset?: readonly number[];
  readonly sum?: (offset: readonly number[]) => readonly number[];
  readonly trace?: CurveRelations<Polynomial>;
  /** of the relations modulo p and L, before they are combined */
  readonly relations?: (field: Polynomial[], order: Polynomial[]) => void;
}

/** What a prover has when the transcript is done. */
export interface Attempt extends BatchInputs {
  readonly point: bigint;
}

/** Inputs for these signatures, valid or not, with all that follows from a forgery computed as a prover would. */
export function attempt(signatures: readonly EncodedSignature[], forgery: Forgery = {}): Attempt {
  const decode = forgery.decode ?? decodeSignature;
  const decoded = signatures.map((signature, i) => decode(signature, `signatures[${i}]`));
  const transcript = batchTranscript(decoded.length);
  const weights = drawWeights(transcript, decoded);
  const keys = forgery.keys?.(weights) ?? keyDigits(decoded, weights);
  const drawn = drawOffset(transcript, keys);
  const offset = forgery.offset ?? drawn;
  const digits = { weights, keys, offset, sum: forgery.sum?.(offset) ?? sumDigits(decoded, weights, offset) };
  const trace = forgery.trace ?? new CurveRelations(polynomials);
  traceCurve(trace, decoded, digits);
  const order = traceOrder(polynomials, decoded, digits);
  forgery.relations?.(trace.relations, order);
  const closed = closeBatch(transcript, decoded, digits, trace, order);
  const { fieldCoefficient, orderCoefficient } = closed.inputs as Record<string, bigint[]>;
  return { ...closed, point: transcript.combined([...(fieldCoefficient ?? []), ...(orderCoefficient ?? [])]) };
}
