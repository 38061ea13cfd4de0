// SPDX-License-Identifier: GPL-3.0-or-later
import { NoHintError } from './no-hint-error.ts';

/** value modulo a positive modulus, in [0, modulus). */
export function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/**
 * By extended Euclid.
 * @param modulus a prime
 * @throws NoHintError when `value` is a multiple of the modulus
 */
export function inverseModulo(value: bigint, modulus: bigint): bigint {
  let [r0, r1, t0, t1] = [modulus, modulo(value, modulus), 0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [t0, t1] = [t1, t0 - quotient * t1];
  }
  if (r0 !== 1n) throw new NoHintError('no inverse of zero');
  return modulo(t0, modulus);
}

/** base^exponent for an exponent of zero or more. */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let square = modulo(base, modulus), left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
