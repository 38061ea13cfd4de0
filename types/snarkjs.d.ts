// SPDX-License-Identifier: GPL-3.0-or-later
declare module 'snarkjs' {
  import type { WasmCurve } from 'ffjavascript';

  /** A path, a file's bytes, or `{ type: 'mem' }`, which snarkjs fills. */
  export type FileLike = string | Uint8Array | { type: 'mem'; data?: Uint8Array };
  export type SignalInput = bigint | number | string | readonly SignalInput[];

  /** Coordinates are decimal. */
  export interface Groth16Proof {
    pi_a: [string, string, string];
    pi_b: [[string, string], [string, string], [string, string]];
    pi_c: [string, string, string];
    protocol: 'groth16';
    curve: 'bn128';
  }

  export interface Groth16VerificationKey {
    protocol: 'groth16';
    curve: 'bn128';
    nPublic: number;
    vk_alpha_1: [string, string, string];
    vk_beta_2: [[string, string], [string, string], [string, string]];
    vk_gamma_2: [[string, string], [string, string], [string, string]];
    vk_delta_2: [[string, string], [string, string], [string, string]];
    IC: [string, string, string][];
  }

  export interface Logger {
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
  }

  export interface CurveOptions {
    singleThread?: boolean;
  }

  export const groth16: {
    prove(
      zkey: FileLike,
      witness: FileLike,
      logger?: Logger,
      options?: CurveOptions,
    ): Promise<{ proof: Groth16Proof; publicSignals: string[] }>;
    /** Loose: takes too few signals and non-canonical numbers. */
    verify(key: unknown, publicSignals: readonly string[], proof: unknown, logger?: Logger): Promise<boolean>;
    exportSolidityCallData(proof: unknown, publicSignals: readonly string[]): Promise<string>;
  };

  export const wtns: {
    calculate(input: Readonly<Record<string, SignalInput>>, wasm: FileLike, witness: FileLike): Promise<void>;
    /** Needs a logger: it fails without one on a wrong witness. */
    check(r1cs: FileLike, witness: FileLike, logger: Logger): Promise<boolean>;
    exportJson(witness: FileLike): Promise<bigint[]>;
  };

  export const zKey: {
    /** @returns the circuit's hash, or -1 when the powers of tau don't fit it */
    newZKey(r1cs: FileLike, powersOfTau: FileLike, zkey: FileLike, logger?: Logger): Promise<Uint8Array | -1>;
    /** Asks on the terminal when `entropy` is empty. @returns the contribution's hash */
    contribute(from: FileLike, to: FileLike, name: string, entropy: string, logger?: Logger): Promise<Uint8Array>;
    /** @returns the contribution's hash, or false on bad arguments */
    beacon(
      from: FileLike,
      to: FileLike,
      name: string,
      beaconHex: string,
      iterationsExponent: number,
      logger?: Logger,
    ): Promise<Uint8Array | false>;
    verifyFromR1cs(r1cs: FileLike, powersOfTau: FileLike, zkey: FileLike, logger?: Logger): Promise<boolean>;
    exportVerificationKey(zkey: FileLike, logger?: Logger): Promise<Groth16VerificationKey>;
    exportSolidityVerifier(zkey: FileLike, templates: { groth16: string }, logger?: Logger): Promise<string>;
  };

  export const powersOfTau: {
    newAccumulator(curve: WasmCurve, power: number, to: FileLike, logger?: Logger): Promise<Uint8Array>;
    contribute(from: FileLike, to: FileLike, name: string, entropy: string, logger?: Logger): Promise<Uint8Array>;
    beacon(
      from: FileLike,
      to: FileLike,
      name: string,
      beaconHex: string,
      iterationsExponent: number,
      logger?: Logger,
    ): Promise<Uint8Array | false>;
    preparePhase2(from: FileLike, to: FileLike, logger?: Logger): Promise<void>;
    verify(file: FileLike, logger?: Logger): Promise<boolean>;
  };

  export const curves: {
    /** The multi-threaded curve is one a process; its threads run until `terminate`. */
    getCurveFromName(name: 'bn128', options?: CurveOptions): Promise<WasmCurve>;
  };
}
