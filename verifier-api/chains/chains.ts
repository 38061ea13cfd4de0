// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainId, ChainKey } from '../../protocol/chain.ts';
import type { ApiConfig } from '../../runtime/config.ts';
import { Problem } from '../http/problem.ts';
import { ChainClient } from './chain-client.ts';

/** The configured chains. */
export class Chains {
  readonly all: readonly ChainClient[];
  readonly hub: ChainClient;

  constructor(config: Pick<ApiConfig, 'chains' | 'coalition'>) {
    this.all = config.chains.map((chain) => new ChainClient(chain));
    this.hub = this.get(config.coalition.hub);
  }

  /** @throws Problem CHAIN_UNKNOWN */
  get(id: ChainId): ChainClient {
    const found = this.all.find(({ config }) => config.id === id);
    if (!found)
      throw new Problem('CHAIN_UNKNOWN', `expected one of ${this.all.map(({ config }) => config.id).join(', ')}`);
    return found;
  }

  /** For a chain that the path names. @throws Problem NOT_FOUND */
  inPath(id: ChainId): ChainClient {
    const found = this.all.find(({ config }) => config.id === id);
    if (!found) throw new Problem('NOT_FOUND', `no chain ${id}`);
    return found;
  }

  byKey(key: ChainKey): ChainClient | undefined {
    return this.all.find(({ config }) => config.chainKey === key);
  }

  /** The earliest of all chains' clocks, in seconds. @throws Problem RPC_UNAVAILABLE */
  async earliestSeconds(): Promise<bigint> {
    const times = await Promise.all(this.all.map((chain) => chain.latestTimestamp()));
    return times.reduce((least, time) => (time < least ? time : least));
  }

  isHub(chain: ChainClient): boolean {
    return chain === this.hub;
  }
}
