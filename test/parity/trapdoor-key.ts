// SPDX-License-Identifier: GPL-3.0-or-later
import { bn254 } from '@noble/curves/bn254.js';
import type { BatchKey } from '../../contracts/deploy/batch-key.ts';
import { FR } from '../../protocol/field.ts';
import { toSolidityProof, type SolidityProof } from '../../protocol/proof.ts';
import { fromG1, fromG2 } from './points.ts';

/*
 * A Groth16 key of three signals whose secrets are known, so that any claim can be proved (as TrapdoorKey.sol): the
 * contract's rules are compared with ours, and what a circuit proves is tested elsewhere.
 */

const { G1, G2, fields } = bn254;
const ALPHA = 11n;
const BETA = 3n;
const GAMMA = 5n;
const DELTA = 7n;
const IC = [13n, 17n, 19n, 23n] as const;
const [C_SCALAR, C] = [29n, fromG1(G1.Point.BASE.multiply(29n))];

const g1 = (scalar: bigint) => fromG1(G1.Point.BASE.multiply(scalar));
const g2 = (scalar: bigint) => fromG2(G2.Point.BASE.multiply(scalar));
const B = g2(BETA);
/** EIP-197 wants the imaginary part first. */
const swapped = (point: ReturnType<typeof g2>) => toSolidityProof({ a: C, b: point, c: C }).b;

/** `BatchVerifier.Key`. */
export const trapdoorKey: BatchKey = {
  alpha: g1(ALPHA),
  beta: swapped(B),
  gamma: swapped(g2(GAMMA)),
  delta: swapped(g2(DELTA)),
  ic: [g1(IC[0]), g1(IC[1]), g1(IC[2]), g1(IC[3])],
};

/** The valid proof of these signals with B = beta and a fixed C: A = (alpha beta + gamma L + delta c) / beta. */
export function proveAnything(signals: readonly [bigint, bigint, bigint]): SolidityProof {
  const claim = IC[0] + IC[1] * signals[0] + IC[2] * signals[1] + IC[3] * signals[2];
  const sum = (ALPHA * BETA + GAMMA * claim + DELTA * C_SCALAR) % FR;
  const a = g1((sum * fields.Fr.inv(BETA)) % FR);
  return toSolidityProof({ a, b: B, c: C });
}
