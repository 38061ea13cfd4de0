// SPDX-License-Identifier: GPL-3.0-or-later
import { availableParallelism } from 'node:os';
import type { NativeAddon, NativeHandle, NativePath } from '../circuits/native/addon.ts';
import { loadNative } from '../circuits/native/load.ts';
import { calculateWitness } from '../circuits/witness.ts';
import { proofToJson } from '../protocol/proof.ts';
import type { CircuitFiles, EngineInfo, EngineProgress, ProvingEngine, ProvingTask, RawProof } from './engine.ts';
import { explainNativeError } from './native-errors.ts';
import { NativeKeys } from './native-keys.ts';

export interface NativeEngineOptions {
  /** default: the fastest that the processor has */
  readonly path?: NativePath | 'auto';
  /** default: all cores */
  readonly threads?: number;
  /** keys used longest ago are forgotten beyond this; default 4 GiB */
  readonly maxKeyBytes?: number;
}

/** Proofs by the addon of prover/native/, many times faster than snarkjs, from the same files. */
export class NativeEngine implements ProvingEngine {
  readonly info: EngineInfo;
  readonly #addon: NativeAddon;
  readonly #pool: NativeHandle<'pool'>;
  readonly #keys: NativeKeys;

  /** @throws NativeUnavailableError */
  constructor({ path = 'auto', threads = availableParallelism(), maxKeyBytes = 2 ** 32 }: NativeEngineOptions = {}) {
    this.#addon = loadNative(path);
    this.#pool = this.#addon.openPool(threads);
    this.#keys = new NativeKeys(this.#addon, this.#pool, maxKeyBytes);
    this.info = { name: 'native', version: VERSION, threads, path: this.#addon.path };
  }

  async load(files: CircuitFiles): Promise<void> {
    await this.#keys.get(files);
  }

  async prove(
    files: CircuitFiles,
    task: ProvingTask,
    onProgress: EngineProgress,
    signal: AbortSignal,
  ): Promise<RawProof> {
    onProgress('witness', 0);
    const { program, key } = await this.#keys.get(files);
    signal.throwIfAborted();
    const wtns = 'witness' in task ? task.witness : await calculateWitness(program, task.input);
    signal.throwIfAborted();
    onProgress('prove', 0);
    let reached = 0;
    const job = this.#addon.prove(this.#pool, key.handle, wtns, (fraction) => {
      // What was still on its way when the proof was there counts no more.
      if (fraction > reached) onProgress('prove', (reached = fraction));
    });
    const cancel = (): void => job.cancel();
    signal.addEventListener('abort', cancel);
    try {
      return readProof(await job.done);
    } catch (error) {
      signal.throwIfAborted();
      throw explainNativeError(error, { circuit: files.circuit });
    } finally {
      reached = Infinity;
      signal.removeEventListener('abort', cancel);
    }
  }

  unload(files: CircuitFiles): void {
    this.#keys.delete(files);
  }

  memoryBytes(): number {
    return this.#addon.memory().usedBytes;
  }

  close(): Promise<void> {
    this.#keys.clear();
    this.#addon.closePool(this.#pool);
    return Promise.resolve();
  }
}

/** Changes with what the engine does, not with how fast it is. */
const VERSION = '1';

/** The addon's numbers, as `NativeProver.prove` lists them. */
function readProof(bytes: Uint8Array): RawProof {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = (index: number): bigint =>
    [3, 2, 1, 0].reduce((value, word) => (value << 64n) | view.getBigUint64(32 * index + 8 * word, true), 0n);
  return {
    proof: proofToJson({
      a: [number(0), number(1)],
      b: [
        [number(2), number(3)],
        [number(4), number(5)],
      ],
      c: [number(6), number(7)],
    }),
    publicSignals: Array.from({ length: bytes.byteLength / 32 - 8 }, (_, i) => String(number(8 + i))),
  };
}
