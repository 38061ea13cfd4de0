// SPDX-License-Identifier: GPL-3.0-or-later
import { availableParallelism } from 'node:os';
import type { NativeAddon, NativeHandle, NativePath } from '../circuits/native/addon.ts';
import { loadNative } from '../circuits/native/load.ts';
import { proofToJson } from '../protocol/proof.ts';
import { CircuitCache } from './circuit-cache.ts';
import type { CircuitFiles, EngineInfo, EngineProgress, ProvingEngine, ProvingTask, RawProof } from './engine.ts';
import { nativeCircuitForm, type NativeCircuit } from './native-circuit.ts';
import { finishNativeJob } from './native-job.ts';
import { prepareProof } from './prepare-proof.ts';

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
  readonly #circuits: CircuitCache<NativeCircuit>;

  /** @throws NativeUnavailableError */
  constructor({ path = 'auto', threads = availableParallelism(), maxKeyBytes = 2 ** 32 }: NativeEngineOptions = {}) {
    this.#addon = loadNative(path);
    this.#pool = this.#addon.openPool(threads);
    this.#circuits = new CircuitCache(nativeCircuitForm(this.#addon, this.#pool), maxKeyBytes);
    this.info = { name: 'native', version: VERSION, threads, path: this.#addon.path };
  }

  async load(files: CircuitFiles): Promise<void> {
    await this.#circuits.get(files);
  }

  async prove(
    files: CircuitFiles,
    task: ProvingTask,
    onProgress: EngineProgress,
    signal: AbortSignal,
  ): Promise<RawProof> {
    const { circuit, wtns } = await prepareProof(this.#circuits, files, task, onProgress, signal);
    let reached = 0;
    const job = this.#addon.prove(this.#pool, circuit.key.handle, wtns, (fraction) => {
      // What was still on its way when the proof was there counts no more.
      if (fraction > reached) onProgress('prove', (reached = fraction));
    });
    try {
      return readProof(await finishNativeJob(job, signal, files.circuit));
    } finally {
      reached = Infinity;
    }
  }

  memoryBytes(): number {
    return this.#addon.memory().usedBytes;
  }

  async close(): Promise<void> {
    await this.#circuits.close();
    this.#addon.closePool(this.#pool);
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
