// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The part of the WebAssembly interface that running a compiled circuit takes (else only in TypeScript's DOM library).
 */
declare namespace WebAssembly {
  class Memory {
    /** @param descriptor pages of 64 KiB */
    constructor(descriptor: { readonly initial: number; readonly maximum?: number });
    readonly buffer: ArrayBuffer;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  /** A compiled program without memory of its own. */
  class Module {
    private readonly compiled: never;
  }
  type Imports = Record<string, Record<string, Memory | ((...values: number[]) => unknown)>>;
  function compile(source: Uint8Array): Promise<Module>;
  function instantiate(source: Uint8Array, imports: Imports): Promise<{ instance: Instance }>;
  function instantiate(source: Module, imports: Imports): Promise<Instance>;
}
