// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { curves, groth16, type Logger } from 'snarkjs';
import { compileWitnessProgram } from '../circuits/witness.ts';
import { readChecked } from './checked-file.ts';
import { CircuitCache, type CircuitForm } from './circuit-cache.ts';
import type { CircuitFiles, EngineInfo, EngineProgress, ProvingEngine, ProvingTask, RawProof } from './engine.ts';
import { prepareProof } from './prepare-proof.ts';

/** The package does not export its package.json, so it is found beside what it does export. */
function packageVersion(): string {
  const main = createRequire(import.meta.url).resolve('snarkjs');
  return (JSON.parse(readFileSync(join(dirname(main), '..', 'package.json'), 'utf8')) as { version: string }).version;
}

/** What snarkjs logs as it proves, with the part of the phase that is done by then (measured at 2^16 constraints). */
const MILESTONES: readonly (readonly [message: string, fraction: number])[] = [
  ['Building ABC', 0.02],
  ['IFFT_A', 0.25],
  ['IFFT_B', 0.33],
  ['IFFT_C', 0.41],
  ['Join ABC', 0.5],
  ['Reading A Points', 0.52],
  ['Reading B1 Points', 0.6],
  ['Reading B2 Points', 0.68],
  ['Reading C Points', 0.84],
  ['Reading H Points', 0.9],
];

/** A circuit's files in memory. */
interface LoadedFiles {
  readonly program: WebAssembly.Module;
  readonly zkey: Uint8Array;
}

const IN_MEMORY: CircuitForm<LoadedFiles> = {
  async load({ circuit, wasmPath, wasmHash, zkeyPath, zkeyHash }, signal) {
    const [wasm, zkey] = await Promise.all([
      readChecked(wasmPath, wasmHash, circuit, signal),
      readChecked(zkeyPath, zkeyHash, circuit, signal),
    ]);
    return { program: await compileWitnessProgram(wasm), zkey };
  },
  bytesOf: ({ zkey }) => zkey.byteLength,
  release: () => undefined,
};

const MAX_KEY_BYTES = 2 ** 30;

/** The reference: snarkjs on every platform, with keys kept in memory and its threads kept running between proofs. */
export class SnarkjsEngine implements ProvingEngine {
  readonly info: EngineInfo = { name: 'snarkjs', version: packageVersion(), threads: availableParallelism() };
  readonly #circuits = new CircuitCache(IN_MEMORY, MAX_KEY_BYTES);

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
    const { buffer, byteOffset, byteLength } = wtns;
    // A plain array: slices of a Buffer would share its memory, which snarkjs does not expect.
    return await groth16.prove(
      circuit.zkey,
      new Uint8Array(buffer, byteOffset, byteLength),
      progressLogger(onProgress),
    );
  }

  memoryBytes(): number {
    return this.#circuits.bytes;
  }

  async close(): Promise<void> {
    await this.#circuits.close();
    await (await curves.getCurveFromName('bn128')).terminate();
  }
}

function progressLogger(onProgress: EngineProgress): Logger {
  let reached = 0;
  const ignore = (): void => undefined;
  return {
    info: ignore,
    warn: ignore,
    error: ignore,
    debug(message) {
      const fraction = MILESTONES.find(([start]) => message.startsWith(start))?.[1] ?? 0;
      if (fraction > reached) onProgress('prove', (reached = fraction));
    },
  };
}
