// SPDX-License-Identifier: GPL-3.0-or-later
import { InvalidFieldError } from '../../../protocol/errors.ts';
import { edwardsX, FIELD_PRIME, montgomery, QUARTER_POINT_V, type CurvePoint } from './curve25519.ts';

/** What lib/ed25519/decompressed_point.circom makes of an encoding. */
export interface DecodedPoint {
  /** bit i of the encoding, as a number below 2^256 */
  readonly encoding: bigint;
  /** y as encoded, below 2^255 */
  readonly y: bigint;
  /** canonical, of the encoding's parity; where `exceptional` says so not the point's */
  readonly x: bigint;
  /** the point, or (1, sqrt(A + 2)) in place of one of order 1 or 2 */
  readonly point: CurvePoint;
  /** whether y is 1; whether y is p - 1 or p + 1 */
  readonly exceptional: readonly [boolean, boolean];
}

/**
 * Decompression as ZIP-215 has it: y is taken modulo p, and at x = 0 either sign is good.
 * @param encoding the 32 bytes as a little-endian number
 * @throws InvalidFieldError where it is no point's
 */
export function decodePoint(encoding: bigint, label: string): DecodedPoint {
  if (encoding < 0n || encoding >> 256n !== 0n) throw new InvalidFieldError(label, 'an encoding of 32 bytes');
  const y = encoding & ((1n << 255n) - 1n);
  const sign = encoding >> 255n;
  const exceptional = [y === 1n, y === FIELD_PRIME - 1n || y === FIELD_PRIME + 1n] as const;
  if (exceptional[0] || exceptional[1])
    return { encoding, y, x: sign, point: { u: 1n, v: QUARTER_POINT_V }, exceptional };
  const x = edwardsX(y % FIELD_PRIME, sign);
  if (x === undefined) throw new InvalidFieldError(label, 'the encoding of a point of edwards25519');
  return { encoding, y, x, point: montgomery(x, y % FIELD_PRIME), exceptional };
}
