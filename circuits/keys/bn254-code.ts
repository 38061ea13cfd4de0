// SPDX-License-Identifier: GPL-3.0-or-later
import { buildBn128 } from 'ffjavascript';
import type { Bn254Code } from './bn254-wasm.ts';

/**
 * Build ffjavascript's BN254 module, once; every thread instantiates it with a memory of its own. A file apart, because
 * ffjavascript takes any worker thread that loads it for one of its own.
 */
export async function bn254Code(): Promise<Bn254Code> {
  const curve = await buildBn128(true);
  return {
    code: curve.tm.code,
    generator: { g1: curve.tm.pG1gen, g2: curve.tm.pG2gen },
    rootsOfUnity: curve.Fr.w.map((root) => root.slice()),
  };
}
