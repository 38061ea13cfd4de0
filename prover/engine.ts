// SPDX-License-Identifier: GPL-3.0-or-later
import type { NativePath } from '../circuits/native/addon.ts';
import type { CircuitInput } from '../circuits/statement-kind.ts';
import type { Hex } from '../protocol/bytes.ts';
import type { ProofJson } from '../protocol/proof.ts';

/** Files that an engine proves a circuit with, and what they must be. */
export interface CircuitFiles {
  readonly circuit: string;
  /** the witness program as circom compiles it */
  readonly wasmPath: string;
  readonly wasmHash: Hex;
  /** the proving key in snarkjs's format */
  readonly zkeyPath: string;
  readonly zkeyHash: Hex;
}

/** What is to be proved: inputs of the circuit, or its witness as a .wtns file. */
export type ProvingTask = { readonly input: CircuitInput } | { readonly witness: Uint8Array };

export type EngineName = 'snarkjs' | 'native';

export interface EngineInfo {
  readonly name: EngineName;
  readonly version: string;
  /** cores that one proof keeps busy */
  readonly threads: number;
  /** instruction set of the native engine */
  readonly path?: NativePath;
}

/** @param fraction of the phase that is done, 0 to 1 */
export type EngineProgress = (phase: 'witness' | 'prove', fraction: number) => void;

/** Made by an engine and not verified yet. */
export interface RawProof {
  readonly proof: ProofJson;
  /** canonical decimals */
  readonly publicSignals: readonly string[];
}

/**
 * Makes Groth16 proofs on BN254. Every engine reads the same `.zkey` and `.wtns` and makes proofs that the others'
 * verifiers accept. One proof at a time: who wants several at once has several processes.
 */
export interface ProvingEngine {
  readonly info: EngineInfo;

  /**
   * Read a circuit's files and keep them.
   * @throws KeyMismatchError when a file's SHA-256 is another than it must be; KeyError when the native engine refuses
   *   the proving key; EngineMemoryError; ProvingCancelledError once the engine is closed
   */
  load(files: CircuitFiles): Promise<void>;

  /**
   * Loads what is not loaded yet.
   * @param signal looked at while keys are loaded and between phases; once it proves, snarkjs ends only with the
   * process
   * @throws what `load` throws; WitnessError when the inputs satisfy no witness, or the file is none of the circuit's;
   *   ProofRejectedError when the native engine's own check of the proof fails, as it does for a witness file that does
   *   not satisfy the circuit; `signal.reason`
   */
  prove(files: CircuitFiles, task: ProvingTask, onProgress: EngineProgress, signal: AbortSignal): Promise<RawProof>;

  /** Memory that loaded keys and proofs under way take, as far as the engine counts it. */
  memoryBytes(): number;

  /** End what is loading and the engine's threads, and forget everything. */
  close(): Promise<void>;
}
