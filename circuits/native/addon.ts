// SPDX-License-Identifier: GPL-3.0-or-later

/** Instruction sets that the engine is built for, fastest first. */
export const NATIVE_PATHS = ['ifma', 'adx', 'portable'] as const;
export type NativePath = (typeof NATIVE_PATHS)[number];

/** What the processor has and the system lets programs use; see prover/native/src/cpu/features.hpp. */
export interface CpuFeatures {
  readonly adx: boolean;
  readonly ifma: boolean;
}

declare const handle: unique symbol;
/** Something that the addon holds for its caller. Freed when closed or collected, once no job uses it any more. */
export type NativeHandle<Kind extends string> = { readonly [handle]: Kind };

/** Work off the event loop. What the addon throws on purpose carries a `code`; a cancelled job's is CANCELLED. */
export interface NativeJob<T> {
  readonly done: Promise<T>;
  /** `done` rejects soon, unless the work is over by then: a key's lists are read to the end, a verification runs on */
  cancel(): void;
}

/** Hears which part of a job is done, 0 to 1; some calls may come after the job is over. */
export type NativeProgress = (fraction: number) => void;

export interface NativeKey {
  readonly handle: NativeHandle<'key'>;
  /** memory that it takes */
  readonly bytes: number;
  readonly wires: number;
  readonly publicSignals: number;
  readonly domain: number;
}

/** Threads, and the memory of all large buffers of the process. */
export interface NativePools {
  openPool(threads: number): NativeHandle<'pool'>;
  closePool(pool: NativeHandle<'pool'>): void;
  memory(): { readonly usedBytes: number; readonly peakBytes: number };
}

/** A job's input is read while the job lasts: it must not be transferred to another thread until then. */
export interface NativeProver {
  /**
   * Check a .zkey and prepare it. Nothing of the file is kept: an array that is the whole of its memory is empty
   * afterwards, and the memory free.
   * Codes: ZKEY_REFUSED, OUT_OF_MEMORY, RANDOM_UNAVAILABLE.
   */
  loadKey(pool: NativeHandle<'pool'>, zkey: Uint8Array, onProgress?: NativeProgress): NativeJob<NativeKey>;
  closeKey(key: NativeHandle<'key'>): void;
  /**
   * @param wtns the file's bytes
   * @returns numbers of 32 bytes, little-endian: coordinates of A, B (the real part first) and C, then the public
   *   signals
   * Codes: WTNS_REFUSED, WITNESS_REFUSED, PROOF_REJECTED, OUT_OF_MEMORY, RANDOM_UNAVAILABLE.
   */
  prove(
    pool: NativeHandle<'pool'>,
    key: NativeHandle<'key'>,
    wtns: Uint8Array,
    onProgress?: NativeProgress,
  ): NativeJob<Uint8Array>;
}

/** Multiples of the generators of BN254, for development keys. */
export interface NativeMultiplication {
  /** Tables, which the first product in each group fills. */
  openMultiplier(): NativeHandle<'multiplier'>;
  closeMultiplier(multiplier: NativeHandle<'multiplier'>): void;
  /**
   * @param scalars integers below r, 32 bytes little-endian each
   * @param points takes as many affine points as a .zkey has them: 64 bytes each in G1, 128 in G2
   */
  multiplyGenerator(
    pool: NativeHandle<'pool'>,
    multiplier: NativeHandle<'multiplier'>,
    inG2: boolean,
    scalars: Uint8Array,
    points: Uint8Array,
  ): NativeJob<void>;
}

/** Groth16 verification. Numbers are four words each, the least significant first. */
export interface NativeVerifier {
  /**
   * @param numbers coordinates of alpha, beta, gamma, delta and each IC; in G2 the real part first
   * Codes: KEY_REFUSED.
   */
  prepareVerifyingKey(numbers: BigUint64Array): NativeJob<NativeHandle<'verifyingKey'>>;
  /**
   * @param numbers of each proof, one after another: coordinates of A, B, C, then as many signals as the key has
   * @param together judge all by one equation, and closer only if it fails: faster for proofs that are expected to be
   * valid
   * @returns a verdict each, as prover/native/src/verify/verdict.hpp numbers them
   * Codes: RANDOM_UNAVAILABLE, with `together`.
   */
  verify(key: NativeHandle<'verifyingKey'>, numbers: BigUint64Array, together: boolean): NativeJob<Uint8Array>;
}

/** What an addon exports (prover/native/src/addon/). */
export interface NativeAddon extends NativePools, NativeProver, NativeMultiplication, NativeVerifier {
  readonly path: NativePath;
}
