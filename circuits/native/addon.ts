// SPDX-License-Identifier: GPL-3.0-or-later

/** Instruction sets that the engine is built for, fastest first. */
export const NATIVE_PATHS = ['ifma', 'adx', 'portable'] as const;
export type NativePath = (typeof NATIVE_PATHS)[number];

/** What the processor has and the system lets programs use; see prover/native/src/cpu/features.hpp. */
export interface CpuFeatures {
  readonly adx: boolean;
  readonly ifma: boolean;
}

/** What an addon exports (prover/native/src/addon/). Errors that it throws on purpose carry a `code`. */
export interface NativeAddon {
  readonly path: NativePath;
  cpuFeatures(): CpuFeatures;
}
