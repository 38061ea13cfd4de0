// SPDX-License-Identifier: GPL-3.0-or-later
import { FR } from '../../protocol/field.ts';
import { modulo } from '../hints/prime-field.ts';

/**
 * Two integers a, b of some 128 bits with a + b * point = target modulo the field's order: for forgers, who know the
 * point.
 */
export function solveSmall(point: bigint, target: bigint): [bigint, bigint] {
  // Short vectors of the lattice {(a, b): a + b * point = 0}: the remainders of Euclid's algorithm (Gallant, Lambert,
  // Vanstone).
  let [r0, r1, t0, t1] = [FR, modulo(-point, FR), 0n, 1n];
  while (r1 * r1 > FR) {
    const q = r0 / r1;
    [r0, r1] = [r1, r0 - q * r1];
    [t0, t1] = [t1, t0 - q * t1];
  }
  // Babai's rounding: take from (target, 0) the nearest lattice point.
  const determinant = r0 * t1 - r1 * t0;
  const m0 = rounded(target * t1, determinant);
  const m1 = rounded(-target * t0, determinant);
  return [target - m0 * r0 - m1 * r1, -m0 * t0 - m1 * t1];
}

function rounded(dividend: bigint, divisor: bigint): bigint {
  const [a, b] = divisor < 0n ? [-dividend, -divisor] : [dividend, divisor];
  const doubled = 2n * a + b;
  const q = doubled / (2n * b);
  return doubled < 0n && doubled % (2n * b) !== 0n ? q - 1n : q;
}
