// SPDX-License-Identifier: GPL-3.0-or-later
import { buildPoseidon } from 'circomlibjs';
import { toFr, type Fr } from './field.ts';

const hash = await buildPoseidon();

/**
 * Poseidon over BN254 with circomlib's parameters (x^5, 8 full rounds), the same as its `Poseidon(n)` template.
 * @param inputs 1 to 16 field elements
 */
export function poseidon(inputs: readonly bigint[]): Fr {
  return toFr(hash.F.toObject(hash(inputs)), 'poseidon');
}

/**
 * The permutation beneath it, as circomlib's `PoseidonEx(n, n + 1)`.
 * @param first place 0 of the state: a field element
 * @param rest places 1 to n, 1 <= n <= 16: field elements
 * @returns all n + 1 places of the result
 */
export function poseidonPermutation(first: bigint, rest: readonly bigint[]): Fr[] {
  const state = hash(rest, first, rest.length + 1);
  return state.map((place) => toFr(hash.F.toObject(place), 'poseidon'));
}
