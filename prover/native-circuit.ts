// SPDX-License-Identifier: GPL-3.0-or-later
import type { NativeAddon, NativeHandle, NativeKey } from '../circuits/native/addon.ts';
import { compileWitnessProgram } from '../circuits/witness.ts';
import { readChecked } from './checked-file.ts';
import type { CircuitForm } from './circuit-cache.ts';
import { finishNativeJob } from './native-job.ts';

/** A circuit ready to be proved. */
export interface NativeCircuit {
  readonly program: WebAssembly.Module;
  readonly key: NativeKey;
}

/** Keys in the addon's form. Loading throws KeyMismatchError, KeyError and EngineMemoryError. */
export function nativeCircuitForm(addon: NativeAddon, pool: NativeHandle<'pool'>): CircuitForm<NativeCircuit> {
  return {
    async load({ circuit, wasmPath, wasmHash, zkeyPath, zkeyHash }, signal, makeRoom) {
      const program = await compileWitnessProgram(await readChecked(wasmPath, wasmHash, circuit, signal));
      const zkey = await readChecked(zkeyPath, zkeyHash, circuit, signal);
      // In memory a key takes about what it takes in the file.
      makeRoom(zkey.length);
      return { program, key: await finishNativeJob(addon.loadKey(pool, zkey), signal, circuit) };
    },
    bytesOf: ({ key }) => key.bytes,
    release: ({ key }) => addon.closeKey(key.handle),
  };
}
