// SPDX-License-Identifier: GPL-3.0-or-later
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, fromBytesBE, toBytesBE } from '../../bytes.ts';
import { seeded } from './generated-chain.ts';

/*
 * Keys and signatures at the edges of ZIP-215: points of small order, encodings of y that are not reduced, challenges
 * that were hashed over another encoding. Built from the curve's equation, so that no list of magic bytes needs to be
 * believed.
 */

const { Point } = ed25519;
export type EdwardsPoint = InstanceType<typeof Point>;

/** Field prime 2^255 - 19 and order of the prime-order subgroup (RFC 8032, section 5.1). */
export const P = Point.Fp.ORDER;
export const L = Point.Fn.ORDER;

export const BASE = Point.BASE;

export function bytesOf(value: bigint): Uint8Array {
  return toBytesBE(value, 32, 'value').reverse();
}

export function integerOf(bytes: Uint8Array): bigint {
  return fromBytesBE(Uint8Array.from(bytes).reverse());
}

/**
 * The point that an encoding stands for by ZIP-215: y modulo p, and x = 0 with either sign; undefined where none is.
 */
export function decode(encoding: Uint8Array): EdwardsPoint | undefined {
  try {
    return Point.fromBytes(encoding, true);
  } catch {
    return undefined;
  }
}

/** Encodings that no encoder makes: y from p to 2^255 - 1, and x = 0 with the sign set. */
export const NON_CANONICAL: readonly Uint8Array[] = [
  ...Array.from({ length: 19 }, (_, k) => P + BigInt(k)).flatMap((y) => [bytesOf(y), bytesOf(y + (1n << 255n))]),
  bytesOf(1n + (1n << 255n)),
  bytesOf(P - 1n + (1n << 255n)),
].filter((encoding) => decode(encoding) !== undefined);

/** The eight points whose order divides 8. */
export const SMALL_ORDER: readonly EdwardsPoint[] = smallOrderPoints();

/** Every encoding, canonical or not, of a point of small order: 14. */
export const SMALL_ORDER_ENCODINGS: readonly Uint8Array[] = [
  ...SMALL_ORDER.map((point) => point.toBytes()),
  ...NON_CANONICAL.filter((encoding) => decode(encoding)?.isSmallOrder()),
];

function smallOrderPoints(): EdwardsPoint[] {
  for (let y = 2n; ; y += 1n) {
    // L times any point of the curve has small order; one of order 8 generates them all.
    const point = decode(bytesOf(y))
      ?.multiplyUnsafe(L - 1n)
      .add(decode(bytesOf(y)) ?? Point.ZERO);
    if (!point || point.multiplyUnsafe(4n).is0()) continue;
    return Array.from({ length: 8 }, (_, k) => (k === 0 ? Point.ZERO : point.multiplyUnsafe(BigInt(k))));
  }
}

/** SHA-512(R | A | M) modulo L, over the bytes as they are given. */
export function challenge(r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint {
  return integerOf(sha512(concatBytes(r, key, message))) % L;
}

/** A signature by parts of which any may be odd. */
export interface OddParts {
  /** secret scalar, in [0, L) */
  readonly a: bigint;
  /** nonce, in [0, L) */
  readonly r: bigint;
  /** added to the key aB, and to the nonce's point rB; default: nothing */
  readonly keyTorsion?: EdwardsPoint;
  readonly rTorsion?: EdwardsPoint;
  /** in place of what the points encode to */
  readonly keyEncoding?: Uint8Array;
  readonly rEncoding?: Uint8Array;
  /** what the challenge is hashed over, in place of the encodings shown */
  readonly hashedKey?: Uint8Array;
  readonly hashedR?: Uint8Array;
  readonly message: Uint8Array;
}

export interface OddSignature {
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  /** 64 bytes */
  readonly signature: Uint8Array;
}

/** s = r + ha, with h over the encodings. */
export function oddSignature(parts: OddParts): OddSignature {
  const { a, r, keyTorsion = Point.ZERO, rTorsion = Point.ZERO, message } = parts;
  const key = parts.keyEncoding ?? BASE.multiplyUnsafe(a).add(keyTorsion).toBytes();
  const rBytes = parts.rEncoding ?? BASE.multiplyUnsafe(r).add(rTorsion).toBytes();
  const h = challenge(parts.hashedR ?? rBytes, parts.hashedKey ?? key, message);
  return { key, message, signature: concatBytes(rBytes, bytesOf((r + h * a) % L)) };
}

/** The rule of releases before v0.38: [s]B - [h]A must encode to the very bytes of R. */
export function verifyCofactorless({ key, message, signature }: OddSignature): boolean {
  const point = decode(key);
  const [r, s] = [signature.subarray(0, 32), integerOf(signature.subarray(32))];
  if (!point || s >= L) return false;
  const expected = BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(challenge(r, key, message)));
  return Buffer.from(expected.toBytes()).equals(r);
}

/** A scalar in [1, L) for each seed. */
export function scalar(seed: string): bigint {
  return (integerOf(seeded(seed)) % (L - 1n)) + 1n;
}
