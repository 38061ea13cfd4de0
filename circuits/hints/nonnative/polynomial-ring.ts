// SPDX-License-Identifier: GPL-3.0-or-later

/** Bits of a limb: relations are polynomials whose value at 2^LIMB_BITS is meant. */
export const LIMB_BITS = 32;

/**
 * What relations are made in: polynomials with integer coefficients, or their bounds. One program makes a circuit's
 * relations in either, so that what the bounds say holds for the very polynomials that are combined.
 */
export interface PolynomialRing<T> {
  /** a hint of so many limbs, the highest of `topBits` */
  element(value: bigint, limbs: number, topBits: number): T;
  /** these coefficients, lowest first; none larger than in `bounds` in any witness. Default: constants */
  coefficients(values: readonly bigint[], bounds?: readonly bigint[]): T;
  add(a: T, b: T): T;
  subtract(a: T, b: T): T;
  multiply(a: T, b: T): T;
  scale(a: T, factor: bigint): T;
  /** one of these, which of them no more than bits say */
  select(candidates: readonly T[], index: number): T;
}

/** Coefficients, lowest first. */
export type Polynomial = readonly bigint[];

/** Limbs of a number of [0, 2^(32 limbs)). */
export function limbsOf(value: bigint, limbs: number): bigint[] {
  return Array.from({ length: limbs }, (_, i) => (value >> BigInt(LIMB_BITS * i)) & 0xffffffffn);
}

/** Value at 2^LIMB_BITS. */
export function valueAtLimb(polynomial: Polynomial): bigint {
  return polynomial.reduceRight((value, coefficient) => (value << BigInt(LIMB_BITS)) + coefficient, 0n);
}

function linear(a: Polynomial, b: Polynomial, factor: bigint): bigint[] {
  const sum = [...a];
  b.forEach((coefficient, i) => (sum[i] = (sum[i] ?? 0n) + factor * coefficient));
  return sum;
}

function product(a: Polynomial, b: Polynomial): bigint[] {
  const result = new Array<bigint>(Math.max(a.length + b.length - 1, 0)).fill(0n);
  a.forEach((x, i) => {
    b.forEach((y, j) => (result[i + j] = (result[i + j] ?? 0n) + x * y));
  });
  return result;
}

/** The polynomials themselves. */
export const polynomials: PolynomialRing<Polynomial> = {
  element: (value, limbs) => limbsOf(value, limbs),
  coefficients: (values) => values,
  add: (a, b) => linear(a, b, 1n),
  subtract: (a, b) => linear(a, b, -1n),
  multiply: product,
  scale: (a, factor) => a.map((coefficient) => coefficient * factor),
  select: (candidates, index) => {
    const chosen = candidates[index];
    if (!chosen) throw new RangeError(`no candidate ${index}`);
    return chosen;
  },
};

/** Of each coefficient the largest absolute value that any witness gives it. */
export const bounds: PolynomialRing<Polynomial> = {
  element: (_, limbs, topBits) =>
    Array.from({ length: limbs }, (_, i) => (1n << BigInt(i === limbs - 1 ? topBits : LIMB_BITS)) - 1n),
  coefficients: (values, most = values) => most.map((value) => (value < 0n ? -value : value)),
  add: (a, b) => linear(a, b, 1n),
  subtract: (a, b) => linear(a, b, 1n),
  multiply: product,
  scale: (a, factor) => a.map((bound) => bound * (factor < 0n ? -factor : factor)),
  select: (candidates) =>
    Array.from({ length: Math.max(...candidates.map((one) => one.length)) }, (_, k) =>
      candidates.map((one) => one[k] ?? 0n).reduce((most, bound) => (bound > most ? bound : most), 0n),
    ),
};
