// SPDX-License-Identifier: GPL-3.0-or-later
import { Field } from '@noble/curves/abstract/modular.js';
import { BASE8, type Point } from '../../protocol/eddsa.ts';
import { FR } from '../../protocol/field.ts';
import { multiply } from './reference.ts';
import { inverse } from './single-edits.ts';

/** A of the Montgomery form v^2 = u^3 + A u^2 + u, as lib/baby_jub.circom has it. */
export const MONTGOMERY_A = 168_698n;

/** A point of BabyJubJub in Montgomery form. */
export type MontgomeryPoint = readonly [u: bigint, v: bigint];

export const modP = (value: bigint): bigint => ((value % FR) + FR) % FR;
export const divide = (dividend: bigint, divisor: bigint): bigint => modP(dividend * inverse(divisor));

/** One of the two, or undefined where there is none. */
export function squareRoot(of: bigint): bigint | undefined {
  try {
    return Field(FR).sqrt(modP(of));
  } catch {
    return undefined;
  }
}

export function toMontgomery({ x, y }: Point): MontgomeryPoint {
  const u = divide(1n + y, 1n - y);
  return [u, divide(u, x)];
}

export function toEdwards([u, v]: MontgomeryPoint): Point {
  return { x: divide(u, v), y: divide(u - 1n, u + 1n) };
}

/** The tangent's doubling of a point with v not 0. Like the circuits', it does not notice a point off the curve. */
export function doubleMontgomery([u, v]: MontgomeryPoint): MontgomeryPoint {
  const slope = divide(3n * u * u + 2n * MONTGOMERY_A * u + 1n, 2n * v);
  const doubled = modP(slope * slope - MONTGOMERY_A - 2n * u);
  return [doubled, modP(slope * (u - doubled) - v)];
}

/** scalar * Base8 in Montgomery form. */
export function multipleOfBase8(scalar: bigint): MontgomeryPoint {
  return toMontgomery(multiply(BASE8, scalar));
}

/** What PointTable gives for a point: its triple, and the line through both. */
export function pointTable(point: Point): {
  point: MontgomeryPoint;
  triple: MontgomeryPoint;
  slope: bigint;
  shift: bigint;
} {
  const [one, three] = [toMontgomery(point), toMontgomery(multiply(point, 3n))];
  const slope = divide(three[1] - one[1], three[0] - one[0]);
  return { point: one, triple: three, slope, shift: modP(divide(one[1], slope) - one[0]) };
}

/** The sum of 4^j d_j over the first `split` of n digits +-1, +-3 whose sum is `value`: SignedWindows' `low`. */
export function lowDigits(value: bigint, n: number, split: number, topIsSign = false): bigint {
  const rest = (value + (1n << BigInt(2 * n - (topIsSign ? 1 : 0))) - 1n) / 2n;
  return 2n * (rest % 4n ** BigInt(split)) - (4n ** BigInt(split) - 1n);
}
