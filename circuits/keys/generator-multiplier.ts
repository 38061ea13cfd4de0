// SPDX-License-Identifier: GPL-3.0-or-later
import type { Group } from './bn254-wasm.ts';

/** Multiplies the generators of BN254's groups by many scalars: nearly all the work of making a development key. */
export interface GeneratorMultiplier {
  /** Start on what the first products need, while the caller computes its scalars. */
  warm(): void;

  /**
   * @param scalars integers below r in shared memory, 32 bytes little-endian each; not to change until the promise
   * settles
   * @returns as many affine points in snarkjs's file encoding; infinity is all zero bytes
   */
  multiply(group: Group, scalars: Uint8Array<SharedArrayBuffer>): Promise<Uint8Array>;

  /** Overwrite all memory that has seen scalars, and end the threads. */
  close(): Promise<void>;
}
