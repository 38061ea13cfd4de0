// SPDX-License-Identifier: GPL-3.0-or-later
import { KeyError, KeyMissingError } from '../circuits/keys/errors.ts';
import type { PreparedInputs } from '../circuits/registry.ts';
import type { Hex } from '../protocol/bytes.ts';
import type { KeyName } from '../runtime/key-exchange/messages.ts';
import type { Catalog, ProvableCircuit } from './catalog.ts';

/** Installs a key in the folder of fetched keys. */
export interface FetchKey {
  fetch(key: KeyName, signal: AbortSignal): Promise<void>;
}

/** The installed keys, and those that other processes have: fetched when a job first names them, and kept. */
export class FetchingCatalog implements Catalog {
  readonly #fetching = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(
    private readonly installed: Catalog,
    private readonly fetched: Catalog,
    private readonly fetcher: FetchKey,
  ) {}

  list(): Promise<readonly ProvableCircuit[]> {
    return this.installed.list();
  }

  /** @throws as the catalogs do; what the fetcher does */
  async find(circuit: string, keyHash: Hex): Promise<ProvableCircuit> {
    try {
      return await this.installed.find(circuit, keyHash);
    } catch (error) {
      if (!(error instanceof KeyMissingError)) throw error;
    }
    try {
      return await this.fetched.find(circuit, keyHash);
    } catch (error) {
      // What was fetched and has been damaged since is fetched again.
      if (!(error instanceof KeyMissingError || error instanceof KeyError)) throw error;
    }
    await this.#fetch({ circuit, keyHash });
    return this.fetched.find(circuit, keyHash);
  }

  prepare(circuit: string, inputs: unknown): PreparedInputs {
    return this.installed.prepare(circuit, inputs);
  }

  /** End what is on its way. @param reason that those who wait for it are told */
  async close(reason: Error): Promise<void> {
    this.#closing.abort(reason);
    await Promise.allSettled(this.#fetching.values());
  }

  /** Once for several proofs that want it at a time. */
  #fetch(key: KeyName): Promise<void> {
    const name = `${key.circuit} ${key.keyHash}`;
    const fetching =
      this.#fetching.get(name) ??
      this.fetcher.fetch(key, this.#closing.signal).finally(() => this.#fetching.delete(name));
    this.#fetching.set(name, fetching);
    return fetching;
  }
}
