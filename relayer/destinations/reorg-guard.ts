// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { BlockNotFoundError } from 'viem';
import { z } from 'zod';
import type { ChainId } from '../../protocol/chain.ts';
import type { EvmClient } from '../lib/evm-client.ts';
import { destinationKeys } from '../lib/redis-keys.ts';
import { HeadBehindError, ReorgError } from './errors.ts';

const anchorSchema = z.object({ number: z.string().transform(BigInt), hash: z.string() });

/**
 * Remembers the newest block that has the confirmation depth on top, and notices when the chain no longer has it: every
 * block below hangs on its hash, so one block watches over all that was confirmed. It outlives restarts in Redis.
 */
export class ReorgGuard {
  private readonly key: string;

  constructor(
    private readonly client: EvmClient,
    private readonly redis: Redis,
    private readonly chain: ChainId,
    private readonly confirmations: number,
  ) {
    this.key = destinationKeys(chain).anchor;
  }

  /**
   * Compare, then move up to the newest confirmed block.
   * @throws ReorgError, HeadBehindError
   */
  async check(): Promise<void> {
    const head = await this.client.getBlockNumber({ cacheTime: 0 });
    const stored = await this.redis.get(this.key);
    const anchor = stored === null ? undefined : anchorSchema.parse(JSON.parse(stored));
    if (anchor) {
      if (head < anchor.number) {
        throw new HeadBehindError('the head is below a confirmed block', {
          head: String(head),
          confirmed: String(anchor.number),
        });
      }
      const hash = await this.hashAt(anchor.number);
      if (hash !== anchor.hash) {
        throw new ReorgError(`${this.chain} changed below its confirmation depth`, {
          height: String(anchor.number),
          confirmed: anchor.hash,
          now: hash ?? 'none',
        });
      }
    }
    const number = head - BigInt(this.confirmations);
    if (number < 0n || (anchor && number <= anchor.number)) return;
    const hash = await this.hashAt(number);
    if (hash !== undefined) await this.redis.set(this.key, JSON.stringify({ number: String(number), hash }));
  }

  private async hashAt(blockNumber: bigint): Promise<string | undefined> {
    try {
      return (await this.client.getBlock({ blockNumber })).hash;
    } catch (error) {
      if (error instanceof BlockNotFoundError) return undefined;
      throw error;
    }
  }
}
