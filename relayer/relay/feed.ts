// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import type { ChainId, ChainKey } from '../../protocol/chain.ts';
import type { ApiClient } from '../api/api-client.ts';
import { enqueue, feedCursor } from './backlog.ts';
import { itemOf } from './relay-item.ts';

const PAGE = 100;

/** Follows the API's feed of finished statements and hands each to the destinations that want it. */
export class Feed {
  constructor(
    private readonly api: ApiClient,
    private readonly redis: Redis,
    private readonly destinations: readonly { readonly id: ChainId; readonly chainKey: ChainKey }[],
  ) {}

  /**
   * Take over what is new.
   * @returns how many statements
   */
  async pull(): Promise<number> {
    let taken = 0;
    for (;;) {
      const cursor = await feedCursor(this.redis);
      const { statements, after } = await this.api.provedStatements(cursor, PAGE);
      const entries = statements.flatMap((statement) => {
        const found = itemOf(statement);
        // A chain needs no proof of itself; evidence goes wherever collateral may lie.
        const wanting = this.destinations.filter(({ chainKey }) => chainKey !== found?.source);
        return found ? wanting.map(({ id: chain }) => ({ chain, item: found.item })) : [];
      });
      if (after > cursor) await enqueue(this.redis, after, entries);
      taken += statements.length;
      if (after <= cursor) return taken;
    }
  }
}
