// SPDX-License-Identifier: GPL-3.0-or-later
import { readFile } from 'node:fs/promises';
import type { Hex } from '../../protocol/bytes.ts';
import { PhalanxError } from '../../protocol/errors.ts';
import { verificationKeyHash, type VerificationKey } from '../../protocol/verification-key.ts';
import { assertUsableKey, listManifests, loadManifest, type KeyMode } from '../../circuits/artifacts.ts';
import {
  circuitKeysFolder,
  currentKeyFile,
  currentKeyFolder,
  keyPaths,
  listKeyFolders,
} from '../../circuits/keys/key-store.ts';
import type { Manifest } from '../../circuits/keys/manifest.ts';
import { listCircuits, type CircuitInfo } from '../../circuits/registry.ts';
import { WatchedFiles } from './watched-files.ts';

/** A key of a circuit, as far as a verifier needs it. */
export interface CircuitKey {
  readonly manifest: Manifest;
  readonly verificationKey: VerificationKey;
  /** source of the generated Solidity verifier */
  readonly solidity: string;
}

/** A circuit has no key here. */
export class NoCircuitKeyError extends PhalanxError {
  readonly code = 'CIRCUIT_WITHOUT_KEY';
  readonly retryable = true;
}

/** The files of a key contradict its manifest. */
class KeyFilesError extends PhalanxError {
  readonly code = 'KEY_FILES';
  readonly retryable = false;
}

/**
 * Verification keys of every circuit. New ones are found while running; what was read is kept, for it is named by hash.
 */
export class CircuitKeys {
  readonly #read = new Map<Hex, CircuitKey>();
  readonly #current = new WatchedFiles<CircuitKey>();
  readonly #byHash = new WatchedFiles<CircuitKey | undefined>();

  constructor(
    private readonly home: string,
    private readonly mode: KeyMode,
  ) {}

  /**
   * Look at every circuit's current key once.
   * @throws DevelopmentKeyError in production mode, and whatever is wrong with a key that is there
   */
  async check(): Promise<void> {
    for (const circuit of listCircuits()) {
      try {
        await this.current(circuit);
      } catch (error) {
        if (!(error instanceof NoCircuitKeyError)) throw error;
      }
    }
  }

  /** The key that new proofs are made with. @throws NoCircuitKeyError, DevelopmentKeyError */
  async current({ id }: Pick<CircuitInfo, 'id'>): Promise<CircuitKey> {
    const options = { home: this.home };
    const files = async (): Promise<string[]> => {
      const folder = await currentKeyFolder(id, options);
      return [currentKeyFile(id, options), ...(folder === undefined ? [] : [keyPaths(folder).manifest])];
    };
    return this.#current.get(id, files, async () => {
      const folders = await listKeyFolders(id, options);
      if (folders.length === 0) throw new NoCircuitKeyError(`no key of ${id}: run \`phalanx setup\``, { circuit: id });
      const manifest = await loadManifest(id, options);
      assertUsableKey(manifest, this.mode);
      return this.#load(manifest);
    });
  }

  /** A key of a circuit by its hash: the current one, or one that lies here still. */
  async byHash({ id }: Pick<CircuitInfo, 'id'>, keyHash: Hex): Promise<CircuitKey | undefined> {
    const options = { home: this.home };
    const files = async (): Promise<string[]> => {
      const folders = await listKeyFolders(id, options);
      return [circuitKeysFolder(id, options), ...folders.map((folder) => keyPaths(folder).manifest)];
    };
    return this.#byHash.get(`${id} ${keyHash}`, files, async () => {
      const manifests = await listManifests(id, options);
      const manifest = manifests.find((one) => one.verificationKeyHash === keyHash);
      // In production a development key might as well not be here: anyone could have forged what it verifies.
      if (!manifest || (this.mode === 'production' && manifest.kind !== 'ceremony')) return undefined;
      return this.#load(manifest);
    });
  }

  async #load(manifest: Manifest): Promise<CircuitKey> {
    const known = this.#read.get(manifest.verificationKeyHash);
    if (known) return known;
    for (const folder of await listKeyFolders(manifest.circuit, { home: this.home })) {
      const paths = keyPaths(folder);
      // It is pinned by its hash, which is of every number in it; the rest is not read.
      const verificationKey = JSON.parse(await readFile(paths.verificationKey, 'utf8')) as VerificationKey;
      if (verificationKeyHash(verificationKey) !== manifest.verificationKeyHash) continue;
      const key = { manifest, verificationKey, solidity: await readFile(paths.solidity, 'utf8') };
      this.#read.set(manifest.verificationKeyHash, key);
      return key;
    }
    throw new KeyFilesError(`no verification key of ${manifest.circuit} has the hash that its manifest says`, {
      circuit: manifest.circuit,
    });
  }
}
