// SPDX-License-Identifier: GPL-3.0-or-later
import { inverseModulo, modulo, powerModulo } from '../prime-field.ts';

/** p of Curve25519 (RFC 7748). */
export const FIELD_PRIME = (1n << 255n) - 19n;
/** Order of the base point (RFC 8032). */
export const GROUP_ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
const A = 486662n;

const mod = (value: bigint): bigint => modulo(value, FIELD_PRIME);
const ROOT_OF_MINUS_ONE = powerModulo(2n, (FIELD_PRIME - 1n) / 4n, FIELD_PRIME);
/** d of edwards25519. */
const EDWARDS_D = mod(-121665n * inverseModulo(121666n, FIELD_PRIME));

/** A square root modulo p of a square, or undefined. */
export function squareRoot(value: bigint): bigint | undefined {
  const candidate = powerModulo(value, (FIELD_PRIME + 3n) / 8n, FIELD_PRIME);
  for (const root of [candidate, mod(candidate * ROOT_OF_MINUS_ONE)]) if (mod(root * root - value) === 0n) return root;
  return undefined;
}

function rootOfParity(value: bigint, parity: bigint): bigint {
  const root = squareRoot(value);
  if (root === undefined) throw new RangeError('no square');
  return (root & 1n) === parity ? root : FIELD_PRIME - root;
}

/** sqrt(-A - 2), odd: v = MAP_FACTOR * u / x. */
export const MAP_FACTOR = rootOfParity(mod(-A - 2n), 1n);
/** sqrt(A + 2), even: (1, QUARTER_POINT_V) is of order 4. */
export const QUARTER_POINT_V = rootOfParity(A + 2n, 0n);

/** An affine point in Montgomery form; coordinates in [0, p). */
export interface CurvePoint {
  readonly u: bigint;
  readonly v: bigint;
}

/** The base point: y = 4/5, x even. */
export const BASE_POINT: CurvePoint = (() => {
  const y = mod(4n * inverseModulo(5n, FIELD_PRIME));
  const x = edwardsX(y, 0n);
  if (x === undefined) throw new RangeError('no base point');
  return montgomery(x, y);
})();

/** x of an Edwards point with this y and parity, or undefined where there is none. At y = 1 or -1 it is 0. */
export function edwardsX(y: bigint, parity: bigint): bigint | undefined {
  const root = squareRoot(mod((y * y - 1n) * inverseModulo(EDWARDS_D * y * y + 1n, FIELD_PRIME)));
  if (root === undefined || root === 0n) return root;
  return (root & 1n) === parity ? root : FIELD_PRIME - root;
}

/** @throws NoHintError at the identity, y = 1, and at x = 0 */
export function montgomery(x: bigint, y: bigint): CurvePoint {
  const u = mod((1n + y) * inverseModulo(1n - y, FIELD_PRIME));
  return { u, v: mod(MAP_FACTOR * u * inverseModulo(x, FIELD_PRIME)) };
}

/** Slope of the chord. @throws NoHintError when both have one u */
export function chord(p: CurvePoint, q: CurvePoint): bigint {
  return mod((q.v - p.v) * inverseModulo(q.u - p.u, FIELD_PRIME));
}

/** Slope of the tangent. @throws NoHintError at the point of order 2 */
export function tangent({ u, v }: CurvePoint): bigint {
  return mod((3n * u * u + 2n * A * u + 1n) * inverseModulo(2n * v, FIELD_PRIME));
}

/** Third point of the line, mirrored. */
export function alongLine(p: CurvePoint, u2: bigint, slope: bigint): CurvePoint {
  const u = mod(slope * slope - A - p.u - u2);
  return { u, v: mod(slope * (p.u - u) - p.v) };
}

/** @throws NoHintError as chord */
export function addPoints(p: CurvePoint, q: CurvePoint): CurvePoint {
  return alongLine(p, q.u, chord(p, q));
}

/** @throws NoHintError as tangent */
export function doublePoint(p: CurvePoint): CurvePoint {
  return alongLine(p, p.u, tangent(p));
}

export function negate({ u, v }: CurvePoint): CurvePoint {
  return { u, v: mod(-v) };
}
