// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import type { ChainId } from '../../protocol/chain.ts';
import { destinationKeys, feedCursorKey } from '../lib/redis-keys.ts';
import { parseItem, type RelayItem } from './relay-item.ts';

/** Added to an urgent item's score: above every sequence, below 2^53. */
const URGENT = 2 ** 52;
/** Done items kept, to be looked at again after a reorg. */
const DONE_KEPT = 1_000;
const PAGE = 100;

/** The API's feeds of what is proved. */
export type FeedName = 'statements' | 'quorum-conflicts' | 'duplicate-votes' | 'header-updates';

/**
 * What is to be relayed to one destination: the newest first, evidence before all, so that live traffic never waits.
 */
export class Backlog {
  private readonly keys: ReturnType<typeof destinationKeys>;

  constructor(
    private readonly redis: Redis,
    chain: ChainId,
  ) {
    this.keys = destinationKeys(chain);
  }

  /** Items in the order in which they are to be tried. */
  async *items(): AsyncGenerator<RelayItem> {
    for (let start = 0; ; start += PAGE) {
      const ids = await this.redis.zrevrange(this.keys.pending, start, start + PAGE - 1);
      if (ids.length === 0) return;
      for (const text of await this.redis.hmget(this.keys.items, ...ids)) if (text !== null) yield parseItem(text);
    }
  }

  /** It needs nothing more; `done` keeps the latest for a reorg. */
  async done(item: RelayItem): Promise<void> {
    const { pending, done, items } = this.keys;
    await this.redis.multi().zrem(pending, item.id).zadd(done, scoreOf(item), item.id).exec();
    const old = await this.redis.zrange(done, 0, -DONE_KEPT - 1);
    if (old.length === 0) return;
    await this.redis
      .multi()
      .zrem(done, ...old)
      .hdel(items, ...old)
      .exec();
  }

  async get(id: string): Promise<RelayItem | undefined> {
    const text = await this.redis.hget(this.keys.items, id);
    return text === null ? undefined : parseItem(text);
  }

  async size(): Promise<number> {
    return this.redis.zcard(this.keys.pending);
  }

  /** The item that has waited longest. */
  async oldest(): Promise<RelayItem | undefined> {
    const [id] = await this.redis.zrange(this.keys.pending, 0, 0);
    return id === undefined ? undefined : this.get(id);
  }
}

/** Put items into the lists of their destinations and move the feed's cursor, in one step. */
export async function enqueue(
  redis: Redis,
  feed: FeedName,
  cursor: number,
  entries: readonly { readonly chain: ChainId; readonly item: RelayItem }[],
): Promise<void> {
  const transaction = redis.multi();
  for (const { chain, item } of entries) {
    const { pending, items, done } = destinationKeys(chain);
    transaction.hset(items, item.id, JSON.stringify(item)).zadd(pending, scoreOf(item), item.id).zrem(done, item.id);
  }
  await transaction.set(feedCursorKey(feed), cursor).exec();
}

/** Feed sequence to go on from. */
export async function feedCursor(redis: Redis, feed: FeedName): Promise<number> {
  return Number((await redis.get(feedCursorKey(feed))) ?? 0);
}

/** Look at what was done again: a reorg may have undone it. Part of one transaction of the caller's. */
export function requeueDone(transaction: ReturnType<Redis['multi']>, chain: ChainId): void {
  const { pending, done } = destinationKeys(chain);
  transaction.zunionstore(pending, 2, pending, done, 'AGGREGATE', 'MAX').del(done);
}

function scoreOf(item: RelayItem): number {
  return item.sequence + (item.urgent ? URGENT : 0);
}
