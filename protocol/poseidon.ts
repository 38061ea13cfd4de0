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
