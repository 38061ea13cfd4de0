// SPDX-License-Identifier: GPL-3.0-or-later
import { Field } from '@noble/curves/abstract/modular.js';
import { grainGenConstants, poseidon } from '@noble/curves/abstract/poseidon.js';
import { SUBGROUP_ORDER, type Point } from '../../protocol/eddsa.ts';
import { FR } from '../../protocol/field.ts';
import { refPoseidon } from './reference.ts';

/*
 * EddsaPoseidonBatch's randomness and digits, computed apart from its program: for forgers, who have to know them.
 */

const permutation = (() => {
  const options = { Fp: Field(FR), t: 17, roundsFull: 8, roundsPartial: 68, sboxPower: 5 };
  let made: ((state: bigint[]) => bigint[]) | undefined;
  return (state: bigint[]): bigint[] => (made ??= poseidon({ ...options, ...grainGenConstants(options) }))(state);
})();

const TAG = BigInt(`0x${Buffer.from('phalanx batch 1').toString('hex')}0000`);

/** lib/sponge.circom. */
export function refSponge(tag: bigint, absorbed: readonly bigint[], outputs: number): bigint[] {
  const blocks = Math.ceil(absorbed.length / 16);
  const lanes: bigint[] = [];
  let capacity = tag;
  for (let block = 0; lanes.length < outputs; block++) {
    const rate = Array.from({ length: 16 }, (_, k) => absorbed[16 * block + k] ?? 0n);
    if (block >= blocks) rate[0] = BigInt(block);
    const state = permutation([capacity, ...rate]);
    capacity = state[0] ?? 0n;
    if (block >= blocks - 1) lanes.push(...state.slice(1));
  }
  return lanes.slice(0, outputs);
}

/** lib/transcript.circom. */
export function refTranscript(h: readonly bigint[], s: readonly bigint[], outputs: number): bigint[] {
  return refSponge(TAG + BigInt(h.length), [...h, ...s], outputs);
}

/** The weights of n signatures: odd, of absolute value below 2^120. */
export function refWeights(lanes: readonly bigint[], n: number): bigint[] {
  const ones = (1n << 120n) - 1n;
  return Array.from({ length: n }, (_, i) => 2n * (((lanes[i >> 1] ?? 0n) >> (i % 2 ? 120n : 0n)) & ones) - ones);
}

/** A signature's challenge. */
export function refChallenge(r8: Point, key: Point, message: bigint): bigint {
  return refPoseidon([r8.x, r8.y, key.x, key.y, message]);
}

export const modOrder = (value: bigint): bigint => ((value % SUBGROUP_ORDER) + SUBGROUP_ORDER) % SUBGROUP_ORDER;

/** lib/product_mod_order.circom for a weight and a challenge in [0, p). */
export function refProduct(z: bigint, h: bigint): bigint {
  const negative = z < 0n !== h > FR / 2n;
  let e = modOrder(negative ? -z * h : z * h);
  if (e % 2n === 0n) e -= SUBGROUP_ORDER;
  return negative ? -e : e;
}

/** Digits +-1, +-3 in base 4, lowest first; with `topIsSign` the last is +-1. */
export function refDigits(value: bigint, n: number, topIsSign = false): bigint[] {
  let rest = (value + (1n << BigInt(2 * n - (topIsSign ? 1 : 0))) - 1n) / 2n;
  return Array.from({ length: n }, (_, j) => {
    const t = (rest & 3n) + (topIsSign && j === n - 1 ? 1n : 0n);
    rest >>= 2n;
    return 2n * t - 3n;
  });
}
