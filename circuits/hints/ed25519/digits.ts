// SPDX-License-Identifier: GPL-3.0-or-later
import { LIMB_BITS, type PolynomialRing } from '../nonnative/polynomial-ring.ts';
import { NoHintError } from '../no-hint-error.ts';
import { modulo } from '../prime-field.ts';
import { GROUP_ORDER } from './curve25519.ts';

/**
 * The odd digits, from -(2^w - 1) to 2^w - 1 for a width of w bits, of an odd number: one string for each odd number
 * below 2^(w * count) in absolute value.
 * @throws NoHintError for any other number
 */
export function oddDigits(value: bigint, width: number, count: number): number[] {
  const span = 1n << BigInt(width * count);
  if (value % 2n === 0n || value >= span || value <= -span) throw new NoHintError(`no odd digits of ${value}`);
  let rest = (value + span - 1n) / 2n;
  return Array.from({ length: count }, () => {
    const digit = 2 * Number(rest & ((1n << BigInt(width)) - 1n)) - (2 ** width - 1);
    rest >>= BigInt(width);
    return digit;
  });
}

/** Digits of `width` bits each: the lowest the sign, 1 for negative, the others the magnitude, as in SelectMultiple. */
export function digitsOfBits(bits: bigint, width: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => {
    const word = Number((bits >> BigInt(width * k)) & ((1n << BigInt(width)) - 1n));
    const size = 2 * (word >> 1) + 1;
    return word & 1 ? -size : size;
  });
}

/** Inverse of digitsOfBits. */
export function bitsOfDigits(digits: readonly number[], width: number): bigint {
  return digits.reduceRight((bits, digit) => {
    const word = (Math.abs(digit) - 1) | (digit < 0 ? 1 : 0);
    return (bits << BigInt(width)) | BigInt(word);
  }, 0n);
}

export function valueOfDigits(digits: readonly number[], width: number): bigint {
  return digits.reduceRight((value, digit) => (value << BigInt(width)) + BigInt(digit), 0n);
}

/**
 * The odd representative modulo L of least absolute value. Of a random residue it is below 2^252 but once in 2^127.
 */
export function oddRepresentative(value: bigint): bigint {
  const residue = modulo(value, GROUP_ORDER);
  return residue % 2n === 1n ? residue : residue - GROUP_ORDER;
}

/** lib/nonnative/evaluation.circom's DigitsEvaluation. */
export function digitsPolynomial<T>(ring: PolynomialRing<T>, digits: readonly number[], width: number): T {
  const limbs = Math.floor((width * (digits.length - 1)) / LIMB_BITS) + 1;
  const coefficients = new Array<bigint>(limbs).fill(0n);
  const most = new Array<bigint>(limbs).fill(0n);
  digits.forEach((digit, j) => {
    const limb = Math.floor((width * j) / LIMB_BITS);
    const place = BigInt((width * j) % LIMB_BITS);
    coefficients[limb] = (coefficients[limb] ?? 0n) + (BigInt(digit) << place);
    most[limb] = (most[limb] ?? 0n) + (((1n << BigInt(width)) - 1n) << place);
  });
  return ring.coefficients(coefficients, most);
}
