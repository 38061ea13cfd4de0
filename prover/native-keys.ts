// SPDX-License-Identifier: GPL-3.0-or-later
import type { NativeAddon, NativeHandle, NativeKey } from '../circuits/native/addon.ts';
import { compileWitnessProgram } from '../circuits/witness.ts';
import { readChecked } from './checked-file.ts';
import type { CircuitFiles } from './engine.ts';
import { explainNativeError } from './native-errors.ts';

/** A circuit ready to be proved. */
export interface NativeCircuit {
  readonly program: WebAssembly.Module;
  readonly key: NativeKey;
}

/** Keys in the engine's form, those proved last, up to a number of bytes; the one in use always stays. */
export class NativeKeys {
  readonly #loaded = new Map<string, NativeCircuit>();

  constructor(
    private readonly addon: NativeAddon,
    private readonly pool: NativeHandle<'pool'>,
    private readonly maxBytes: number,
  ) {}

  /** memory that the keys take */
  get bytes(): number {
    return [...this.#loaded.values()].reduce((sum, { key }) => sum + key.bytes, 0);
  }

  /** @throws KeyMismatchError, KeyError, EngineMemoryError */
  async get(files: CircuitFiles): Promise<NativeCircuit> {
    const name = nameOf(files);
    const circuit = this.#loaded.get(name) ?? (await this.#load(files));
    // A Map keeps the order of insertion: the last one stands at the end.
    this.#loaded.delete(name);
    this.#loaded.set(name, circuit);
    this.#makeRoom(0, 1);
    return circuit;
  }

  delete(files: CircuitFiles): void {
    const name = nameOf(files);
    const circuit = this.#loaded.get(name);
    if (circuit) this.addon.closeKey(circuit.key.handle);
    this.#loaded.delete(name);
  }

  clear(): void {
    for (const { key } of this.#loaded.values()) this.addon.closeKey(key.handle);
    this.#loaded.clear();
  }

  async #load({ circuit, wasmPath, wasmHash, zkeyPath, zkeyHash }: CircuitFiles): Promise<NativeCircuit> {
    const program = await compileWitnessProgram(await readChecked(wasmPath, wasmHash, circuit));
    const zkey = await readChecked(zkeyPath, zkeyHash, circuit);
    // In memory a key takes about what it takes in the file.
    this.#makeRoom(zkey.length, 0);
    try {
      return { program, key: await this.addon.loadKey(this.pool, zkey).done };
    } catch (error) {
      throw explainNativeError(error, { circuit });
    }
  }

  /** Forget the keys used longest ago until `bytes` more fit, but keep the last `keep`. */
  #makeRoom(bytes: number, keep: number): void {
    for (const [name, { key }] of this.#loaded) {
      if (this.bytes + bytes <= this.maxBytes || this.#loaded.size <= keep) return;
      this.#loaded.delete(name);
      this.addon.closeKey(key.handle);
    }
  }
}

function nameOf({ wasmHash, zkeyHash }: CircuitFiles): string {
  return `${wasmHash} ${zkeyHash}`;
}
