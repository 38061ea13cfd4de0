// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { decodeFunctionData, encodeFunctionData } from 'viem';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import type { ConsensusState } from '../../protocol/cometbft/client-state.ts';
import type { LedgerSignedHeader, LedgerState } from '../../protocol/cometbft/ledger-header.ts';
import type { ProvedStatement } from '../../protocol/proof.ts';
import type { StatementId } from '../../protocol/statement.ts';
import type { NewStatement } from '../../runtime/statement-record.ts';
import { storedConsensusState } from './consensus-state-store.ts';
import { luaFile } from './lua-file.ts';
import { apiKeys } from './redis-keys.ts';

const acceptScript = luaFile('accept-header-update.lua');
const endScript = luaFile('end-header-update.lua');
const pruneScript = luaFile('prune-header-update.lua');

export const HEADER_UPDATE_STATES = ['proving', 'proved', 'failed'] as const;

/** A header that was checked, on its way to ledgers. */
export interface HeaderUpdate {
  /** names chain, header and trusted state, whatever signatures and proofs show it */
  readonly id: Hex;
  readonly chain: ChainId;
  readonly blockHash: Hex;
  readonly trusted: LedgerState;
  /** in the ledger's form, without proofs */
  readonly header: LedgerSignedHeader;
  readonly circuit: string;
  readonly keyHash: Hex;
  /** of its shards, in the order of their signers */
  readonly statements: readonly StatementId[];
  /** another header is held at its height, or its time does not rise: ledgers will freeze */
  readonly contradicts: boolean;
}

export interface StoredHeaderUpdate extends HeaderUpdate {
  readonly state: (typeof HEADER_UPDATE_STATES)[number];
  readonly createdAtMs: number;
  /** all of its statements were asked for since it was accepted */
  readonly started: boolean;
  /** of a proved one: rises over all */
  readonly sequence?: number;
  readonly failure?: { readonly code: string; readonly message: string };
}

/** Header updates in Redis. What lies there is all that going on after a crash takes. */
export class HeaderUpdateStore {
  constructor(private readonly redis: Redis) {}

  /**
   * When this returns true, the update is on disk and open.
   * @param consensus what it leads to, to be trusted by later ones
   * @returns false when it is known, and has not failed
   */
  async accept(update: HeaderUpdate, consensus: ConsensusState, statements: readonly NewStatement[]): Promise<boolean> {
    const { id, chain, blockHash, trusted, header, circuit, keyHash, contradicts } = update;
    const call = encodeFunctionData({
      abi: cometBftLedgerAbi,
      functionName: 'update',
      args: [trusted, 0n, header, keyHash],
    });
    const keys = [
      apiKeys.headerUpdate(id),
      apiKeys.headerUpdatesOpen,
      apiKeys.headerUpdatesEnded,
      apiKeys.consensusHeights(chain),
      apiKeys.consensusStates(chain),
    ];
    const fields = {
      chain,
      blockHash,
      call,
      circuit,
      contradicts: contradicts ? 1 : 0,
      shards: JSON.stringify(update.statements),
      statements: JSON.stringify(statements),
    };
    const args = [id, Date.now(), String(header.header.height), storedConsensusState(consensus)];
    return (await acceptScript.run(this.redis, keys, [...args, ...Object.entries(fields).flat()])) === 1;
  }

  async get(id: Hex): Promise<StoredHeaderUpdate | undefined> {
    const [state, createdAt, chain, blockHash, call, circuit, contradicts, shards, started, sequence, code, message] =
      await this.redis.hmget(
        apiKeys.headerUpdate(id), 'state', 'createdAt', 'chain', 'blockHash', 'call', 'circuit', 'contradicts',
        'shards', 'started', 'sequence', 'failureCode', 'failureMessage',
      ); // prettier-ignore
    if (!state || !chain || !blockHash || !call || !circuit || !shards) return undefined;
    const { functionName, args } = decodeFunctionData({ abi: cometBftLedgerAbi, data: call as Hex });
    if (functionName !== 'update') throw new TypeError(`header update ${id} holds a call of ${functionName}`);
    const [trusted, , header, keyHash] = args;
    // `accept` wrote it.
    return {
      id,
      chain: chain as ChainId,
      blockHash: blockHash as Hex,
      trusted,
      header,
      circuit,
      keyHash,
      statements: JSON.parse(shards) as StatementId[],
      contradicts: contradicts === '1',
      state: state as StoredHeaderUpdate['state'],
      createdAtMs: Number(createdAt),
      started: started === '1',
      ...(sequence ? { sequence: Number(sequence) } : {}),
      ...(code ? { failure: { code, message: message ?? '' } } : {}),
    };
  }

  /** What is to be proved, in the order of `statements`; undefined once it has ended. */
  async newStatements(id: Hex): Promise<NewStatement[] | undefined> {
    const text = await this.redis.hget(apiKeys.headerUpdate(id), 'statements');
    return text === null ? undefined : (JSON.parse(text) as NewStatement[]);
  }

  /** All of its statements have been asked for. */
  async noteStarted(id: Hex): Promise<void> {
    await this.redis.hset(apiKeys.headerUpdate(id), 'started', 1);
  }

  /** In the order of its statements. */
  async proofs(id: Hex): Promise<ProvedStatement[] | undefined> {
    const text = await this.redis.hget(apiKeys.headerUpdate(id), 'proofs');
    return text === null ? undefined : (JSON.parse(text) as ProvedStatement[]);
  }

  /** Ids of those that are not yet proved, oldest first. */
  async open(): Promise<Hex[]> {
    return (await this.redis.zrange(apiKeys.headerUpdatesOpen, 0, -1)) as Hex[];
  }

  /** Proved ones by rising sequence. */
  async proved(after: number, limit: number): Promise<StoredHeaderUpdate[]> {
    const { headerUpdatesProved: feed } = apiKeys;
    const ids = await this.redis.zrangebyscore(feed, `(${after}`, '+inf', 'LIMIT', 0, limit);
    const found = await Promise.all(ids.map((id) => this.get(id as Hex)));
    return found.filter((update) => update !== undefined);
  }

  /** @returns whether this call ended it */
  async endProved(id: Hex, proofs: readonly ProvedStatement[]): Promise<boolean> {
    return this.#end(id, 'proved', ['proofs', JSON.stringify(proofs)]);
  }

  /** @returns whether this call ended it */
  async endFailed(id: Hex, { code, message }: { code: string; message: string }): Promise<boolean> {
    return this.#end(id, 'failed', ['failureCode', code, 'failureMessage', message]);
  }

  /** Remove what ended longer ago than the retention. @returns how many */
  async prune(retentionMs: number): Promise<number> {
    const { headerUpdatesEnded: ended, headerUpdatesProved: feed } = apiKeys;
    const ids = await this.redis.zrangebyscore(ended, '-inf', Date.now() - retentionMs);
    for (const id of ids) await pruneScript.run(this.redis, [apiKeys.headerUpdate(id), ended, feed], [id]);
    return ids.length;
  }

  async #end(id: Hex, state: 'proved' | 'failed', fields: readonly string[]): Promise<boolean> {
    const keys = [
      apiKeys.headerUpdate(id),
      apiKeys.headerUpdatesOpen,
      apiKeys.headerUpdatesEnded,
      apiKeys.headerUpdatesProved,
      apiKeys.headerUpdatesSequence,
    ];
    return (await endScript.run(this.redis, keys, [id, Date.now(), state, ...fields])) === 1;
  }
}
