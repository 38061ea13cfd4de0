// SPDX-License-Identifier: GPL-3.0-or-later
import { createPublicClient, fallback, http, webSocket, type PublicClient } from 'viem';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainConfig } from '../../runtime/common-config.ts';
import { Problem } from '../http/problem.ts';

const RPC_TIMEOUT_MS = 10_000;

/** A block as far as a checkpoint says it. */
export interface BlockFacts {
  readonly hash: Hex;
  readonly stateRoot: Hex;
  readonly timestamp: bigint;
}

/** What `eth_getProof` gives of one account and at most one slot. */
export interface StateProof {
  readonly accountProof: readonly Hex[];
  readonly storageProof: readonly Hex[];
  readonly value: bigint;
}

/** A configured chain with its nodes. Every call fails with RPC_UNAVAILABLE where no node answers in time. */
export class ChainClient {
  readonly #client: PublicClient;
  readonly #each: readonly PublicClient[];

  constructor(readonly config: ChainConfig) {
    const transports = config.rpcs.map((url) =>
      /^wss?:/.test(url)
        ? webSocket(url, { timeout: RPC_TIMEOUT_MS, retryCount: 1 })
        : http(url, { timeout: RPC_TIMEOUT_MS, retryCount: 1, retryDelay: 200 }),
    );
    this.#each = transports.map((transport) => createPublicClient({ transport, cacheTime: 0 }));
    this.#client = createPublicClient({ transport: fallback(transports), cacheTime: 0 });
  }

  /** For reads of contracts; errors are the caller's to tell apart. */
  get client(): PublicClient {
    return this.#client;
  }

  async block(height: bigint): Promise<BlockFacts> {
    const { hash, stateRoot, timestamp } = await this.call((client) => client.getBlock({ blockNumber: height }));
    return { hash, stateRoot, timestamp };
  }

  /** Of the latest block: the chain's clock, seconds. */
  async latestTimestamp(): Promise<bigint> {
    const { timestamp } = await this.call((client) => client.getBlock({ blockTag: 'latest' }));
    return timestamp;
  }

  async stateProof(account: Hex, slots: readonly Hex[], height: bigint): Promise<StateProof> {
    const proof = await this.call((client) =>
      client.getProof({ address: account, storageKeys: [...slots], blockNumber: height }),
    );
    const [storage] = proof.storageProof;
    return { accountProof: proof.accountProof, storageProof: storage?.proof ?? [], value: storage?.value ?? 0n };
  }

  /** A word of finalised storage that `rpcQuorum` nodes agree on. */
  async finalisedStorage(address: Hex, slot: Hex): Promise<Hex> {
    const answers = await Promise.allSettled(
      this.#each.map(async (client): Promise<Hex> => {
        const at = await this.#finalised(client);
        return (await client.getStorageAt({ address, slot, ...at })) ?? `0x${'00'.repeat(32)}`;
      }),
    );
    const counts = new Map<Hex, number>();
    for (const answer of answers) {
      if (answer.status === 'fulfilled') counts.set(answer.value, (counts.get(answer.value) ?? 0) + 1);
    }
    for (const [value, count] of counts) if (count >= this.config.rpcQuorum) return value;
    throw unavailable(this.config, answers.find((answer) => answer.status === 'rejected')?.reason);
  }

  async call<T>(ask: (client: PublicClient) => Promise<T>): Promise<T> {
    try {
      return await ask(this.#client);
    } catch (cause) {
      throw unavailable(this.config, cause);
    }
  }

  async #finalised(client: PublicClient): Promise<{ blockTag: 'finalized' } | { blockNumber: bigint }> {
    const { finality } = this.config;
    if (finality === 'finalized') return { blockTag: 'finalized' };
    const head = await client.getBlockNumber();
    const depth = BigInt(finality.depth);
    return { blockNumber: head > depth ? head - depth : 0n };
  }
}

function unavailable(config: ChainConfig, cause: unknown): Problem {
  return new Problem('RPC_UNAVAILABLE', `${config.id}: too few nodes gave the same answer`, { cause });
}
