// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import type { ConsensusState } from '../../protocol/cometbft/client-state.ts';
import type { FollowedChain } from '../../runtime/followed-chain.ts';
import { bytes32, u64 } from '../schemas/primitives.ts';
import { apiKeys } from './redis-keys.ts';
import type { Established } from './signature-bundle-store.ts';

const storedSchema = z.strictObject({
  blockHash: bytes32,
  timeNs: u64,
  appHash: bytes32,
  nextValidatorsHash: bytes32,
  update: bytes32,
});

/** A consensus state and the header update by which it was accepted. */
interface AcceptedState extends ConsensusState {
  readonly update: Hex;
}

/** What accepting a header update establishes, beside the update itself. */
export function established({ id }: FollowedChain, height: bigint, state: ConsensusState, update: Hex): Established {
  return {
    height,
    state: JSON.stringify(z.encode(storedSchema, { ...state, update })),
    keys: [apiKeys.consensusHeights(id), apiKeys.consensusStates(id)],
  };
}

/** What a light client keeps of each header that was accepted here, and the operator's own state to begin with. */
export class ConsensusStateStore {
  constructor(private readonly redis: Redis) {}

  async at(chain: FollowedChain, height: bigint): Promise<ConsensusState | undefined> {
    const { height: start, time: timeNs, ...hashes } = chain.trusted;
    if (height === start) return { timeNs, ...hashes };
    return this.accepted(chain.id, height);
  }

  /** The same without the operator's own, which no update led to. */
  async accepted(id: ChainId, height: bigint): Promise<AcceptedState | undefined> {
    const text = await this.redis.hget(apiKeys.consensusStates(id), String(height));
    return text === null ? undefined : storedSchema.parse(JSON.parse(text));
  }

  /** The state of the greatest height, or of the greatest below `below`. */
  async latest(
    chain: FollowedChain,
    below?: bigint,
  ): Promise<{ readonly height: bigint; readonly state: ConsensusState } | undefined> {
    const bound = below === undefined ? '+inf' : `(${below}`;
    const key = apiKeys.consensusHeights(chain.id);
    const found = await this.redis.zrevrangebyscore(key, bound, '-inf', 'LIMIT', 0, 1);
    const heights = [chain.trusted.height, ...found.map(BigInt)].filter((one) => below === undefined || one < below);
    if (heights.length === 0) return undefined;
    const height = heights.reduce((highest, one) => (one > highest ? one : highest));
    const state = await this.at(chain, height);
    return state && { height, state };
  }

  /** The states at a height and next to it on both sides: with these alone can a header there be in contradiction. */
  async around(chain: FollowedChain, height: bigint): Promise<Map<bigint, ConsensusState>> {
    const heights = apiKeys.consensusHeights(chain.id);
    const [below, above] = await Promise.all([
      this.redis.zrevrangebyscore(heights, `(${height}`, '-inf', 'LIMIT', 0, 1),
      this.redis.zrangebyscore(heights, `(${height}`, '+inf', 'LIMIT', 0, 1),
    ]);
    const found = new Map<bigint, ConsensusState>();
    for (const at of [height, chain.trusted.height, ...[...below, ...above].map(BigInt)]) {
      const state = await this.at(chain, at);
      if (state) found.set(at, state);
    }
    return found;
  }

  /**
   * Forget states by which nothing is believed any more.
   * @param retentionMs after the trusting period, in which evidence about their heights may come
   * @returns how many
   */
  async prune({ id, trustingPeriodSeconds }: FollowedChain, nowMs: number, retentionMs: number): Promise<number> {
    const [states, heights] = [apiKeys.consensusStates(id), apiKeys.consensusHeights(id)];
    const oldestNs = BigInt(nowMs - trustingPeriodSeconds * 1_000 - retentionMs) * 1_000_000n;
    let removed = 0;
    for (;;) {
      // Times rise with heights, so the first that is young enough ends the search.
      const [lowest] = await this.redis.zrange(heights, 0, 0);
      if (lowest === undefined) return removed;
      const text = await this.redis.hget(states, lowest);
      if (text !== null && storedSchema.parse(JSON.parse(text)).timeNs > oldestNs) return removed;
      await this.redis.multi().hdel(states, lowest).zrem(heights, lowest).exec();
      removed += 1;
    }
  }
}
