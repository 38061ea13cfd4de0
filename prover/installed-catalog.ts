// SPDX-License-Identifier: GPL-3.0-or-later
import { assertUsableKey, loadArtifacts, type KeyArtifacts, type KeyMode } from '../circuits/artifacts.ts';
import { currentKeyFolder } from '../circuits/keys/key-store.ts';
import { findCircuit, listCircuits, prepareInputs, type PreparedInputs } from '../circuits/registry.ts';
import type { Hex } from '../protocol/bytes.ts';
import type { Catalog, ProvableCircuit } from './catalog.ts';

/** The circuits of the project with the keys under one home. Each key is loaded and checked once. */
export class InstalledCatalog implements Catalog {
  readonly #known = new Map<string, Promise<ProvableCircuit>>();

  constructor(
    private readonly home: string,
    private readonly mode: KeyMode,
  ) {}

  /** @throws KeyError; DevelopmentKeyError in production mode as soon as one current key is no ceremony's */
  async list(): Promise<readonly ProvableCircuit[]> {
    const { home } = this;
    const found: ProvableCircuit[] = [];
    for (const { id } of listCircuits()) {
      if (!(await currentKeyFolder(id, { home }))) continue;
      const circuit = this.#check(await loadArtifacts(id, { home }));
      this.#known.set(`${id} ${circuit.keyHash}`, Promise.resolve(circuit));
      found.push(circuit);
    }
    return found;
  }

  /** @throws UnknownCircuitError, KeyMissingError, KeyError, DevelopmentKeyError */
  find(circuit: string, keyHash: Hex): Promise<ProvableCircuit> {
    const name = `${circuit} ${keyHash}`;
    const known = this.#known.get(name);
    if (known) return known;
    const loading = this.#load(circuit, keyHash);
    this.#known.set(name, loading);
    // A key that is not here yet may come.
    loading.catch(() => this.#known.delete(name));
    return loading;
  }

  prepare(circuit: string, inputs: unknown): PreparedInputs {
    return prepareInputs(circuit, inputs);
  }

  async #load(circuit: string, keyHash: Hex): Promise<ProvableCircuit> {
    findCircuit(circuit);
    return this.#check(await loadArtifacts(circuit, { home: this.home, keyHash }));
  }

  #check({ manifest, paths, verificationKey }: KeyArtifacts): ProvableCircuit {
    assertUsableKey(manifest, this.mode);
    return {
      files: {
        circuit: manifest.circuit,
        wasmPath: paths.wasm,
        wasmHash: manifest.wasmHash,
        zkeyPath: paths.zkey,
        zkeyHash: manifest.zkeyHash,
      },
      keyHash: manifest.verificationKeyHash,
      keyKind: manifest.kind,
      verificationKey,
    };
  }
}
