// SPDX-License-Identifier: GPL-3.0-or-later
import {
  bounds,
  LIMB_BITS,
  limbsOf,
  polynomials,
  valueAtLimb,
  type Polynomial,
  type PolynomialRing,
} from './polynomial-ring.ts';

/** Limbs of a multiplier, and their bits. */
export const MULTIPLIER_LIMBS = 4;
export const MULTIPLIER_LIMB_BITS = 30n;

/** lib/nonnative/combination.circom: the least number of multipliers with a pair for each relation. */
export function multipliersFor(relations: number): number {
  let count = 1;
  while ((count * (count + 1)) / 2 < relations) count++;
  return count;
}

/**
 * lib/nonnative/combination.circom.
 * @throws RangeError when there are more relations than pairs of multipliers
 */
export function combine<T>(ring: PolynomialRing<T>, relations: readonly T[], multipliers: readonly T[]): T {
  let total = ring.coefficients([]);
  let next = 0;
  multipliers.forEach((multiplier, j) => {
    let row = ring.coefficients([]);
    for (let i = 0; i <= j && next < relations.length; i++, next++) {
      const [left, relation] = [multipliers[i], relations[next]];
      if (left !== undefined && relation !== undefined) row = ring.add(row, ring.multiply(left, relation));
    }
    total = ring.add(total, ring.multiply(multiplier, row));
  });
  if (next < relations.length) throw new RangeError(`${relations.length} relations, multipliers for ${next}`);
  return total;
}

/** The worst case of a combination's coefficients, given its relations'. */
export function combinationBounds(relations: readonly Polynomial[], multipliers: number): Polynomial {
  const most = new Array<bigint>(MULTIPLIER_LIMBS).fill((1n << MULTIPLIER_LIMB_BITS) - 1n);
  return combine(bounds, relations, new Array<Polynomial>(multipliers).fill(most));
}

/** Inputs of lib/nonnative/zero_modulo.circom. */
export interface ZeroModuloInputs {
  readonly coefficients: readonly bigint[];
  readonly quotient: readonly bigint[];
  /** else the circuit refuses them */
  readonly isMultiple: boolean;
}

/**
 * @param count the template's, of the coefficients
 * @throws RangeError when the polynomial has more
 */
export function zeroModuloInputs(polynomial: Polynomial, count: number, modulus: bigint): ZeroModuloInputs {
  if (polynomial.length > count) throw new RangeError(`${polynomial.length} coefficients, at most ${count}`);
  // For the greatest bound that the template admits.
  const limbs = Math.ceil((250 + LIMB_BITS * (count - 1) + 3 - modulus.toString(2).length) / LIMB_BITS);
  const value = valueAtLimb(polynomial);
  const quotient = value / modulus + (1n << BigInt(LIMB_BITS * limbs - 1));
  return {
    coefficients: [...polynomial, ...new Array<bigint>(count - polynomial.length).fill(0n)],
    quotient: limbsOf(quotient, limbs),
    isMultiple: value % modulus === 0n,
  };
}

/** Limbs of 30 bits of a multiplier below 2^120, as a polynomial at 2^32. */
export function multiplierPolynomial(multiplier: bigint): Polynomial {
  return polynomials.coefficients(
    Array.from(
      { length: MULTIPLIER_LIMBS },
      (_, i) => (multiplier >> (MULTIPLIER_LIMB_BITS * BigInt(i))) & ((1n << MULTIPLIER_LIMB_BITS) - 1n),
    ),
  );
}
