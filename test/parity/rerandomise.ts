// SPDX-License-Identifier: GPL-3.0-or-later
import { bn254 } from '@noble/curves/bn254.js';
import type { Proof } from '../../protocol/proof.ts';
import type { VerificationKey } from '../../protocol/verification-key.ts';
import { fromG1, fromG2, g1, g2 } from './points.ts';

/**
 * Another proof of the same claim, which anybody can make from a proof without its witness: (A/r, rB + rs*delta, C +
 * sA).
 * @param r in [1, order of the scalar field)
 * @param s likewise
 */
export function rerandomise({ vk_delta_2: [x, y] }: VerificationKey, { a, b, c }: Proof, r: bigint, s: bigint): Proof {
  const { Fr } = bn254.fields;
  const delta = g2([
    [BigInt(x[0]), BigInt(x[1])],
    [BigInt(y[0]), BigInt(y[1])],
  ]);
  return {
    a: fromG1(g1(a).multiply(Fr.inv(r))),
    b: fromG2(
      g2(b)
        .multiply(r)
        .add(delta.multiply(Fr.mul(r, s))),
    ),
    c: fromG1(g1(c).add(g1(a).multiply(s))),
  };
}
