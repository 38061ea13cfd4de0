// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { getAbiItem } from 'viem';
import type { Hex } from '../../protocol/bytes.ts';
import { parseCapacity, setCommitment } from '../../protocol/validator-set.ts';
import type { Logger } from '../../runtime/log.ts';
import type { ApiClient } from '../api/api-client.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { LOG_CHUNK, type EvmClient } from '../lib/evm-client.ts';
import type { Hub } from '../lib/hub.ts';
import { watcherKey } from '../lib/redis-keys.ts';
import type { Source } from '../sources/source.ts';
import { readHubState, writeHubState, type HubState, type Unpublished } from './hub-state.ts';
import { SetReplay } from './set-replay.ts';
import type { WatchMetrics } from './watch-metrics.ts';

export interface HubWatchParts {
  readonly source: Source;
  readonly hub: Hub;
  readonly client: EvmClient;
  readonly coalition: Hex;
  /** block in which the Coalition was deployed, or an earlier one */
  readonly fromBlock: bigint;
  readonly api: ApiClient;
  readonly redis: Redis;
  readonly metrics: WatchMetrics;
  readonly log: Logger;
}

const SET_EVENTS = [
  getAbiItem({ abi: hubCoalitionAbi, name: 'LeafUpdated' }),
  getAbiItem({ abi: hubCoalitionAbi, name: 'EpochSealed' }),
] as const;

/** Rebuilds every sealed validator set from the hub's events, checks it on the chain and publishes it to the API. */
export class HubWatch {
  private readonly key: string;

  constructor(private readonly parts: HubWatchParts) {
    this.key = watcherKey(parts.source.id, parts.coalition);
  }

  /** Read what was finalised since the last round, then publish what the API does not have. */
  async round(): Promise<void> {
    const { source, metrics } = this.parts;
    const finalised = await source.finalisedHeight();
    let state = await this.resume();
    while (state.block < finalised) {
      const end = state.block + LOG_CHUNK < finalised ? state.block + LOG_CHUNK : finalised;
      state = await this.scan(state, end);
      await writeHubState(this.parts.redis, this.key, state);
      metrics.scannedHeight.set({ chain: source.id }, Number(end));
    }
    await this.publish(state);
  }

  /** From where it stopped, unless the chain is no longer the one it read. */
  private async resume(): Promise<HubState> {
    const { redis, source, fromBlock, log, metrics } = this.parts;
    const start = { block: fromBlock - 1n, blockHash: '', slots: [], unpublished: [] };
    const state = await readHubState(redis, this.key);
    if (!state || state.block < fromBlock) return start;
    const { blockHash } = await source.checkpointAt(state.block);
    if (blockHash === state.blockHash) return state;
    metrics.criticalError.inc({ chain: source.id, kind: 'finality' });
    log.fatal(
      { block: String(state.block), was: state.blockHash, now: blockHash },
      'a finalised hub block changed: reading anew',
    );
    return start;
  }

  private async scan(state: HubState, end: bigint): Promise<HubState> {
    const { client, coalition, source, metrics, log } = this.parts;
    const replay = new SetReplay(state.slots);
    const found: Unpublished[] = [];
    const logs = await client.getLogs({
      address: coalition,
      events: SET_EVENTS,
      fromBlock: state.block + 1n,
      toBlock: end,
      strict: true,
    });
    for (const { eventName, args } of logs) {
      if (eventName === 'LeafUpdated') replay.update({ ...args, index: Number(args.index) });
      if (eventName !== 'EpochSealed') continue;
      const { epoch, sealedAt } = args;
      const capacity = parseCapacity(args.capacity, 'capacity');
      const set = replay.sealed({ ...args, capacity });
      const isSealed = set && (await this.parts.hub.isSealed({ ...args, capacity }));
      if (!isSealed) {
        metrics.criticalError.inc({ chain: source.id, kind: 'set' });
        log.fatal(
          { epoch: String(epoch), block: String(end) },
          'the events do not give the set that was sealed: asking again',
        );
        throw new Error(`epoch ${epoch} cannot be rebuilt from the node's events`);
      }
      found.push({ set, sealedAt });
      metrics.epoch.set(Number(epoch));
      log.info({ epoch: String(epoch), commitment: String(args.commitment) }, 'validator set rebuilt');
    }
    const { blockHash } = await source.checkpointAt(end);
    return { block: end, blockHash, slots: replay.content, unpublished: [...state.unpublished, ...found] };
  }

  private async publish(state: HubState): Promise<void> {
    const { api, redis, metrics, log } = this.parts;
    let rest = state.unpublished;
    for (const entry of state.unpublished) {
      metrics.unpublished.set(rest.length);
      if (!(await this.publishOne(api, entry))) return;
      rest = rest.slice(1);
      await writeHubState(redis, this.key, { ...state, unpublished: rest });
      log.info(
        { epoch: String(entry.set.epoch), commitment: String(setCommitment(entry.set)) },
        'validator set published',
      );
    }
    metrics.unpublished.set(rest.length);
  }

  /** Every address serves one store: the first that accepts will do. */
  private async publishOne(api: ApiClient, { set, sealedAt }: Unpublished): Promise<boolean> {
    for (const url of api.urls) {
      try {
        await api.postValidatorSet(url, set, sealedAt);
        return true;
      } catch (error) {
        this.parts.log.warn(
          { err: error, url, epoch: String(set.epoch) },
          'validator set not accepted; it is sent again',
        );
      }
    }
    return false;
  }
}
