// SPDX-License-Identifier: GPL-3.0-or-later
import { compileWitnessProgram } from '../circuits/witness.ts';
import { readChecked } from './checked-file.ts';
import type { CircuitFiles } from './engine.ts';

/** A circuit's files in memory. */
export interface LoadedCircuit {
  readonly program: WebAssembly.Module;
  readonly zkey: Uint8Array;
}

/** Files of the circuits proved last, up to a number of bytes; the one in use always stays. */
export class LoadedFiles {
  readonly #loaded = new Map<string, LoadedCircuit>();

  /** @param maxBytes of proving keys */
  constructor(private readonly maxBytes: number = 2 ** 30) {}

  /** of proving keys */
  get bytes(): number {
    return [...this.#loaded.values()].reduce((sum, { zkey }) => sum + zkey.byteLength, 0);
  }

  /** @throws KeyMismatchError */
  async get(files: CircuitFiles): Promise<LoadedCircuit> {
    const name = nameOf(files);
    const circuit = this.#loaded.get(name) ?? (await read(files));
    // A Map keeps the order of insertion: the last one stands at the end.
    this.#loaded.delete(name);
    this.#loaded.set(name, circuit);
    this.#evict();
    return circuit;
  }

  delete(files: CircuitFiles): void {
    this.#loaded.delete(nameOf(files));
  }

  clear(): void {
    this.#loaded.clear();
  }

  #evict(): void {
    let { bytes } = this;
    for (const [name, { zkey }] of this.#loaded) {
      if (bytes <= this.maxBytes || this.#loaded.size === 1) return;
      this.#loaded.delete(name);
      bytes -= zkey.byteLength;
    }
  }
}

function nameOf({ wasmHash, zkeyHash }: CircuitFiles): string {
  return `${wasmHash} ${zkeyHash}`;
}

async function read(files: CircuitFiles): Promise<LoadedCircuit> {
  const [wasm, zkey] = await Promise.all([
    readChecked(files.wasmPath, files.wasmHash, files.circuit),
    readChecked(files.zkeyPath, files.zkeyHash, files.circuit),
  ]);
  return { program: await compileWitnessProgram(wasm), zkey };
}
