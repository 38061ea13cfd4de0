// SPDX-License-Identifier: GPL-3.0-or-later
import { NativeUnavailableError } from '../circuits/native/errors.ts';
import type { ProvingEngine } from './engine.ts';
import { EngineUnavailableError } from './errors.ts';
import { NativeEngine, type NativeEngineOptions } from './native-engine.ts';
import { SnarkjsEngine } from './snarkjs-engine.ts';

/** `auto` takes the fastest engine that this machine has; naming one makes it that or an error. */
export type EngineChoice = 'auto' | 'snarkjs' | 'native';

export interface EngineOptions extends NativeEngineOptions {
  readonly engine: EngineChoice;
}

/** @throws EngineUnavailableError */
export function selectEngine(choice: EngineChoice, native: NativeEngineOptions = {}): ProvingEngine {
  if (choice === 'snarkjs') return new SnarkjsEngine();
  try {
    return new NativeEngine(native);
  } catch (error) {
    if (!(error instanceof NativeUnavailableError)) throw error;
    // A path that was asked for by name must be it or an error, too.
    if (choice === 'auto' && (native.path ?? 'auto') === 'auto') return new SnarkjsEngine();
    throw new EngineUnavailableError(error.message, { engine: choice }, error);
  }
}
