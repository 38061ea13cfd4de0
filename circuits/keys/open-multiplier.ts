// SPDX-License-Identifier: GPL-3.0-or-later
import { NativeUnavailableError } from '../native/errors.ts';
import { loadNative } from '../native/load.ts';
import type { Bn254Code } from './bn254-wasm.ts';
import { FixedBasePool } from './fixed-base-pool.ts';
import type { GeneratorMultiplier } from './generator-multiplier.ts';
import { NativeMultiplier } from './native-multiplier.ts';

/**
 * The fastest multiplier that works here: the native engine's, or WebAssembly's where it was not built. Both make the
 * same key of the same secrets.
 * @param threads defaults to every core
 */
export function openMultiplier(code: Bn254Code, threads?: number): GeneratorMultiplier {
  try {
    return new NativeMultiplier(loadNative(), threads);
  } catch (error) {
    if (!(error instanceof NativeUnavailableError)) throw error;
    return FixedBasePool.open(code, threads);
  }
}
