// SPDX-License-Identifier: GPL-3.0-or-later
import { poseidonPermutation } from '../../protocol/poseidon.ts';

const RATE = 16;

/**
 * lib/sponge.circom.
 * @param tag the capacity's first value: a field element
 * @param absorbed at least one field element
 * @param outputs how many field elements are wanted, at least one
 * @throws RangeError when nothing is absorbed or wanted
 */
export function poseidonSponge(tag: bigint, absorbed: readonly bigint[], outputs: number): bigint[] {
  if (absorbed.length === 0 || outputs < 1) throw new RangeError('a sponge absorbs and gives at least one element');
  const absorbing = Math.ceil(absorbed.length / RATE);
  const lanes: bigint[] = [];
  let capacity = tag;
  for (let block = 0; lanes.length < outputs; block++) {
    const rate = Array.from({ length: RATE }, (_, k) => absorbed[RATE * block + k] ?? 0n);
    if (block >= absorbing) rate[0] = BigInt(block);
    const [next = 0n, ...out] = poseidonPermutation(capacity, rate);
    capacity = next;
    if (block >= absorbing - 1) lanes.push(...out);
  }
  return lanes.slice(0, outputs);
}
