// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import type { ChainId, ChainKey } from '../../protocol/chain.ts';
import type { ApiClient } from '../api/api-client.ts';
import { enqueue, feedCursor, type FeedName } from './backlog.ts';
import { conflictItem, duplicateVoteItems, headerUpdateItem, statementItem, type RelayItem } from './relay-item.ts';

const PAGE = 100;

interface Entry {
  readonly chain: ChainId;
  readonly item: RelayItem;
}

/** Follows the API's feeds of what is proved and hands each thing to the destinations that want it. */
export class Feed {
  constructor(
    private readonly api: ApiClient,
    private readonly redis: Redis,
    private readonly destinations: readonly { readonly id: ChainId; readonly chainKey: ChainKey }[],
  ) {}

  /**
   * Take over what is new.
   * @returns how many things
   */
  async pull(): Promise<number> {
    const conflicts = await this.follow('quorum-conflicts', async (cursor) => {
      const page = await this.api.quorumConflicts(cursor, PAGE);
      return { after: page.after, entries: page.conflicts.flatMap((conflict) => this.toAll(conflictItem(conflict))) };
    });
    const statements = await this.follow('statements', async (cursor) => {
      const { statements: found, after } = await this.api.provedStatements(cursor, PAGE);
      return {
        after,
        entries: found.flatMap((statement) => {
          const { item, source } = statementItem(statement) ?? {};
          return item ? this.toAll(item, source) : [];
        }),
      };
    });
    const offences = await this.follow('duplicate-votes', async (cursor) => {
      const { duplicateVotes, after } = await this.api.duplicateVotes(cursor, PAGE);
      return {
        after,
        entries: duplicateVotes.flatMap((offence) => this.toFollowers(offence, ...duplicateVoteItems(offence))),
      };
    });
    const headers = await this.follow('header-updates', async (cursor) => {
      const { updates, after } = await this.api.headerUpdates(cursor, PAGE);
      return { after, entries: updates.flatMap((update) => this.toFollowers(update, headerUpdateItem(update))) };
    });
    return conflicts + statements + offences + headers;
  }

  /** Evidence goes wherever collateral may lie; a chain needs no proof of itself. */
  private toAll(item: RelayItem, source?: string): Entry[] {
    return this.destinations.filter(({ chainKey }) => chainKey !== source).map(({ id: chain }) => ({ chain, item }));
  }

  /** What a followed chain's validators signed goes where a ledger follows it. */
  private toFollowers({ destinations }: { readonly destinations: readonly ChainId[] }, ...items: RelayItem[]): Entry[] {
    const followers = this.destinations.filter(({ id }) => destinations.includes(id));
    return followers.flatMap(({ id: chain }) => items.map((item) => ({ chain, item })));
  }

  private async follow(
    feed: FeedName,
    next: (cursor: number) => Promise<{ after: number; entries: readonly Entry[] }>,
  ): Promise<number> {
    for (let taken = 0; ;) {
      const cursor = await feedCursor(this.redis, feed);
      const { after, entries } = await next(cursor);
      if (after <= cursor) return taken;
      await enqueue(this.redis, feed, after, entries);
      taken += new Set(entries.map(({ item }) => item.id)).size;
    }
  }
}
