// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { getAbiItem } from 'viem';
import { sameCheckpoint, type Checkpoint } from '../../protocol/attestation.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import type { Logger } from '../../runtime/log.ts';
import { LOG_CHUNK, type EvmClient } from '../lib/evm-client.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { watcherKey } from '../lib/redis-keys.ts';
import type { Source } from '../sources/source.ts';
import { readLedgerState, writeLedgerState, type LedgerState } from './ledger-state.ts';
import type { WatchMetrics } from './watch-metrics.ts';

export interface LedgerWatchParts {
  /** of the ledger's chain */
  readonly local: Source;
  readonly client: EvmClient;
  readonly ledger: Hex;
  readonly fromBlock: bigint;
  readonly confirmations: number;
  /** the chains that it may hold checkpoints of */
  readonly sources: readonly Source[];
  /**
   * Report what conflicts with what in a transaction that showed the ledger a conflicting checkpoint, or several.
   * @returns whether it needs no more reporting
   */
  readonly reportConflict: (transaction: Hex) => Promise<boolean>;
  readonly redis: Redis;
  readonly metrics: WatchMetrics;
  readonly log: Logger;
}

const LEDGER_EVENTS = [
  getAbiItem({ abi: checkpointLedgerAbi, name: 'CheckpointAccepted' }),
  getAbiItem({ abi: checkpointLedgerAbi, name: 'CheckpointConflict' }),
  getAbiItem({ abi: checkpointLedgerAbi, name: 'ChainFrozen' }),
  getAbiItem({ abi: checkpointLedgerAbi, name: 'ChainUnfrozen' }),
] as const;

/** Compares every checkpoint that a ledger accepts with the source chain itself, and tells of conflicts and freezes. */
export class LedgerWatch {
  private readonly key: string;
  private alarmed = false;

  constructor(private readonly parts: LedgerWatchParts) {
    this.key = watcherKey(parts.local.id, parts.ledger);
  }

  async round(): Promise<void> {
    const { client, redis, fromBlock, confirmations, local, metrics } = this.parts;
    const head = (await client.getBlockNumber({ cacheTime: 0 })) - BigInt(confirmations);
    let state: LedgerState = (await readLedgerState(redis, this.key)) ?? {
      block: fromBlock - 1n, unchecked: [], wrong: [], unreported: [],
    }; // prettier-ignore
    while (state.block < head) {
      const end = state.block + LOG_CHUNK < head ? state.block + LOG_CHUNK : head;
      state = await this.scan(state, end);
      await writeLedgerState(redis, this.key, state);
      metrics.scannedHeight.set({ chain: local.id }, Number(end));
    }
    const compared = await this.compare(state);
    const reported = await this.report(compared);
    if (reported !== state) await writeLedgerState(redis, this.key, reported);
    this.alarm(reported);
    await this.measure();
  }

  private async scan(state: LedgerState, end: bigint): Promise<LedgerState> {
    const { client, ledger, local, metrics, log } = this.parts;
    let { unchecked, wrong } = state;
    const unreported = [...state.unreported];
    const logs = await client.getLogs({
      address: ledger,
      events: LEDGER_EVENTS,
      fromBlock: state.block + 1n,
      toBlock: end,
      strict: true,
    });
    for (const { eventName, args, transactionHash } of logs) {
      const source = this.nameOf(args.chainKey);
      switch (eventName) {
        case 'CheckpointAccepted':
          unchecked = [...unchecked, checkpointOf(args.attestation.checkpoint)];
          break;
        case 'ChainFrozen':
          log.error({ source, freeze: args.freeze }, 'the ledger froze a chain');
          break;
        case 'ChainUnfrozen':
          // A new generation holds one checkpoint alone.
          log.warn({ source, generation: args.generation }, 'the ledger opened a chain again');
          wrong = wrong.filter(({ chainKey }) => chainKey !== args.chainKey);
          unchecked = [...unchecked.filter(({ chainKey }) => chainKey !== args.chainKey), checkpointOf(args.stands)];
          break;
        case 'CheckpointConflict':
          if (!unreported.includes(transactionHash)) unreported.push(transactionHash);
          metrics.conflicts.inc({ chain: local.id, source });
          metrics.criticalError.inc({ chain: local.id, kind: 'conflict' });
          log.fatal({ source, height: String(args.height), tx: transactionHash }, 'two quorums contradict each other');
      }
    }
    return { block: end, unchecked, wrong, unreported };
  }

  /** A checkpoint beyond what our nodes hold final waits. */
  private async compare(state: LedgerState): Promise<LedgerState> {
    if (state.unchecked.length === 0) return state;
    const finalised = new Map<string, bigint>();
    const rest: Checkpoint[] = [];
    const wrong: Checkpoint[] = [...state.wrong];
    for (const held of state.unchecked) {
      const source = this.parts.sources.find(({ chainKey }) => chainKey === held.chainKey);
      if (!source) continue;
      const final = finalised.get(source.id) ?? (await source.finalisedHeight());
      finalised.set(source.id, final);
      if (held.height > final) {
        rest.push(held);
        continue;
      }
      const actual = await source.checkpointAt(held.height);
      if (sameCheckpoint(actual, held)) continue;
      wrong.push(held);
      this.alarmed = false;
      this.parts.metrics.criticalError.inc({ chain: this.parts.local.id, kind: 'disagreement' });
    }
    return { ...state, unchecked: rest, wrong };
  }

  private async report(state: LedgerState): Promise<LedgerState> {
    if (state.unreported.length === 0) return state;
    const unreported: Hex[] = [];
    for (const transaction of state.unreported) {
      if (!(await this.parts.reportConflict(transaction))) unreported.push(transaction);
    }
    return { ...state, unreported };
  }

  private alarm({ wrong }: LedgerState): void {
    const { local, metrics, sources, log } = this.parts;
    for (const { id, chainKey } of sources) {
      const count = wrong.filter((held) => held.chainKey === chainKey).length;
      metrics.disagreements.set({ chain: local.id, source: id }, count);
    }
    if (this.alarmed) return;
    this.alarmed = true;
    for (const { chainKey, height, blockHash } of wrong) {
      log.fatal(
        { source: this.nameOf(chainKey), height: String(height), blockHash },
        'the ledger holds a checkpoint that is no block of the source chain',
      );
    }
  }

  private async measure(): Promise<void> {
    const { client, ledger, sources, local, metrics } = this.parts;
    for (const { id, chainKey } of sources) {
      const { headHeight, freeze } = await client.readContract({
        address: ledger,
        abi: checkpointLedgerAbi,
        functionName: 'chain',
        args: [chainKey],
      });
      metrics.head.set({ chain: local.id, source: id }, Number(headHeight));
      metrics.frozen.set({ chain: local.id, source: id }, freeze === 0 ? 0 : 1);
    }
  }

  private nameOf(chainKey: string): string {
    return this.parts.sources.find((source) => source.chainKey === chainKey)?.id ?? chainKey;
  }
}

function checkpointOf(held: Omit<Checkpoint, 'chainKey'> & { readonly chainKey: Hex }): Checkpoint {
  const { height, blockHash, stateRoot, timestamp } = held;
  return { chainKey: held.chainKey as ChainKey, height, blockHash, stateRoot, timestamp };
}
