// SPDX-License-Identifier: GPL-3.0-or-later
import { buildEddsa, type FieldPoint } from 'circomlibjs';
import { InvalidFieldError } from './errors.ts';
import type { Fr } from './field.ts';

const eddsa = await buildEddsa();
const { F, babyJub } = eddsa;

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
  return toPoint(eddsa.prv2pub(requireSecret(secret)));
}

/** @param secret 32 bytes */
export function sign(secret: Uint8Array, message: Fr): Signature {
  const { R8, S } = eddsa.signPoseidon(requireSecret(secret), F.e(message));
  return { r8: toPoint(R8), s: S };
}

/**
 * circomlibjs's `verifyPoseidon`: points on the curve, s < l, s*B = R8 + 8h*A. Neither point needs to lie in the
 * subgroup. Coordinates must be canonical (parse first).
 */
export function verify(key: Point, message: Fr, signature: Signature): boolean {
  return eddsa.verifyPoseidon(F.e(message), { R8: fromPoint(signature.r8), S: signature.s }, fromPoint(key));
}

/** On the curve and of order l: neither the identity nor a point with a torsion part. */
export function isSubgroupKey(key: Point): boolean {
  const point = fromPoint(key);
  return !(key.x === 0n && key.y === 1n) && babyJub.inCurve(point) && babyJub.inSubgroup(point);
}

function requireSecret(secret: Uint8Array): Buffer {
  if (secret.length !== 32) throw new InvalidFieldError('secret', '32 bytes');
  return Buffer.from(secret);
}
