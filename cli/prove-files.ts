// SPDX-License-Identifier: GPL-3.0-or-later
import { loadArtifacts, type KeyArtifacts } from '../circuits/artifacts.ts';
import { prepareInputs } from '../circuits/registry.ts';
import type { ProvedStatement } from '../protocol/proof.ts';
import type { EngineChoice } from '../prover/select-engine.ts';
import type { CircuitFiles, EngineProgress, ProvingEngine } from '../prover/engine.ts';

/** What an engine reads of a key that lies here. */
function filesOf({ manifest, paths }: KeyArtifacts): CircuitFiles {
  return {
    circuit: manifest.circuit,
    wasmPath: paths.wasm,
    wasmHash: manifest.wasmHash,
    zkeyPath: paths.zkey,
    zkeyHash: manifest.zkeyHash,
  };
}

/** Proves on this machine, without Redis or any server, with keys that lie here. */
export class LocalProver {
  readonly #keys = new Map<string, Promise<KeyArtifacts>>();

  private constructor(
    private readonly engine: ProvingEngine,
    private readonly home: string | undefined,
  ) {}

  static async open(options: { readonly engine?: EngineChoice; readonly home?: string } = {}): Promise<LocalProver> {
    const { selectEngine } = await import('../prover/select-engine.ts');
    return new LocalProver(selectEngine(options.engine ?? 'auto'), options.home);
  }

  /**
   * @param inputs as the `inputSchema` of the circuit's kind has them
   * @throws KeyError, InvalidFieldError, WitnessError; ProofRejected never: the caller verifies
   */
  async prove(
    circuit: string,
    inputs: unknown,
    onProgress: EngineProgress = () => undefined,
  ): Promise<ProvedStatement> {
    const key = await this.key(circuit);
    const { input } = prepareInputs(circuit, inputs);
    const { proof, publicSignals } = await this.engine.prove(
      filesOf(key),
      { input },
      onProgress,
      new AbortController().signal,
    );
    return { keyHash: key.manifest.verificationKeyHash, circuit, publicSignals, proof };
  }

  key(circuit: string): Promise<KeyArtifacts> {
    let key = this.#keys.get(circuit);
    if (!key) {
      key = loadArtifacts(circuit, this.home === undefined ? {} : { home: this.home });
      this.#keys.set(circuit, key);
    }
    return key;
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
