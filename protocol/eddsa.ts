// SPDX-License-Identifier: GPL-3.0-or-later
import { blake512 } from '@noble/hashes/blake1.js';
import { buildBabyjub, type FieldPoint } from 'circomlibjs';
import { concatBytes, fromBytesBE, toBytesBE } from './bytes.ts';
import { InvalidFieldError } from './errors.ts';
import type { Fr } from './field.ts';
import { poseidon } from './poseidon.ts';

/*
 * circomlibjs's `buildEddsa` would also build three hashes that nobody here uses, half a second in every process. These
 * few lines are its EdDSA-Poseidon, and a test compares the two.
 */
const babyJub = await buildBabyjub();
const { F } = babyJub;

/** Order of BabyJubJub's prime-order subgroup (EIP-2494, l). */
export const SUBGROUP_ORDER = babyJub.subOrder;

/** A point of BabyJubJub in circomlib's twisted Edwards form (EIP-2494), affine. */
export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** EdDSA-Poseidon signature as circomlibjs's `signPoseidon` makes it. */
export interface Signature {
  readonly r8: Point;
  /** in [0, l) */
  readonly s: bigint;
}

/** Generator of the prime-order subgroup (EIP-2494, B). */
export const BASE8: Point = toPoint(babyJub.Base8);

function toPoint([x, y]: FieldPoint): Point {
  return { x: F.toObject(x), y: F.toObject(y) };
}

function fromPoint(point: Point): FieldPoint {
  return [F.e(point.x), F.e(point.y)];
}

/** @param secret 32 bytes */
export function publicKey(secret: Uint8Array): Point {
  return multiply(BASE8, expand(secret).scalar >> 3n);
}

/** Deterministic. @param secret 32 bytes */
export function sign(secret: Uint8Array, message: Fr): Signature {
  const { scalar, prefix } = expand(secret);
  const nonce = fromBytesLE(blake512(concatBytes(prefix, toBytesLE(message)))) % SUBGROUP_ORDER;
  const r8 = multiply(BASE8, nonce);
  const h = challenge(r8, multiply(BASE8, scalar >> 3n), message);
  return { r8, s: (nonce + h * scalar) % SUBGROUP_ORDER };
}

/**
 * circomlibjs's `verifyPoseidon`: points on the curve, s < l, s*B = R8 + 8h*A. Neither point needs to lie in the
 * subgroup. Coordinates must be canonical (parse first).
 */
export function verify(key: Point, message: Fr, { r8, s }: Signature): boolean {
  if (s < 0n || s >= SUBGROUP_ORDER || !babyJub.inCurve(fromPoint(r8)) || !babyJub.inCurve(fromPoint(key)))
    return false;
  const left = multiply(BASE8, s);
  const product = multiply(key, 8n * challenge(r8, key, message));
  const right = toPoint(babyJub.addPoint(fromPoint(r8), fromPoint(product)));
  return left.x === right.x && left.y === right.y;
}

/** On the curve and of order l: neither the identity nor a point with a torsion part. */
export function isSubgroupKey(key: Point): boolean {
  const point = fromPoint(key);
  return !(key.x === 0n && key.y === 1n) && babyJub.inCurve(point) && babyJub.inSubgroup(point);
}

/** h = Poseidon(R8, A, M). */
function challenge(r8: Point, key: Point, message: Fr): Fr {
  return poseidon([r8.x, r8.y, key.x, key.y, message]);
}

function multiply(point: Point, scalar: bigint): Point {
  return toPoint(babyJub.mulPointEscalar(fromPoint(point), scalar));
}

/**
 * The secret scalar, a multiple of 8 with bit 254 set, and what the nonces are drawn from (RFC 8032, section 5.1.5).
 */
function expand(secret: Uint8Array): { scalar: bigint; prefix: Uint8Array } {
  if (secret.length !== 32) throw new InvalidFieldError('secret', '32 bytes');
  const hash = blake512(secret);
  const scalar = (fromBytesLE(hash.subarray(0, 32)) & ((1n << 255n) - 8n)) | (1n << 254n);
  return { scalar, prefix: hash.subarray(32) };
}

function fromBytesLE(bytes: Uint8Array): bigint {
  return fromBytesBE(Uint8Array.from(bytes).reverse());
}

function toBytesLE(value: Fr): Uint8Array {
  return toBytesBE(value, 32, 'message').reverse();
}
