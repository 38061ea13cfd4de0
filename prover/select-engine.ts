// SPDX-License-Identifier: GPL-3.0-or-later
import type { ProvingEngine } from './engine.ts';
import { EngineUnavailableError } from './errors.ts';
import { SnarkjsEngine } from './snarkjs-engine.ts';

/** `auto` takes the fastest engine that this machine has; naming one makes it that or an error. */
export type EngineChoice = 'auto' | 'snarkjs' | 'native';

/** @throws EngineUnavailableError */
export async function selectEngine(choice: EngineChoice): Promise<ProvingEngine> {
  if (choice === 'native') {
    throw new EngineUnavailableError('no native proving engine in this version: use "auto" or "snarkjs"', {
      engine: choice,
    });
  }
  return Promise.resolve(new SnarkjsEngine());
}
