// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainId } from '../protocol/chain.ts';
import type { RelayerConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/log.ts';
import { connectProducer } from '../runtime/redis.ts';
import { ApiClient } from './api/api-client.ts';
import { Backlog, feedCursor } from './relay/backlog.ts';
import { destinationChains, destinationOf } from './relay/destinations-of.ts';
import { dryRun, type DryRunLine } from './relay/dry-run.ts';
import { resumeChain, type Halt } from './relay/halt.ts';

/** `phalanx relay --dry-run`: the transactions that would be sent, none of them sent. */
export async function* relayDryRun(config: RelayerConfig): AsyncGenerator<DryRunLine> {
  const redis = await connectProducer(config.redis);
  try {
    const log = createLogger('relayer', 'silent');
    const destinations = destinationChains(config).map((chain) => ({
      destination: destinationOf(chain, config, redis, log),
      chainKey: chain.chainKey,
      waiting: new Backlog(redis, chain.id).items(),
    }));
    yield* dryRun(new ApiClient(config.apiClient), destinations, {
      statements: await feedCursor(redis, 'statements'),
      'quorum-conflicts': await feedCursor(redis, 'quorum-conflicts'),
      'duplicate-votes': await feedCursor(redis, 'duplicate-votes'),
      'header-updates': await feedCursor(redis, 'header-updates'),
    });
  } finally {
    redis.disconnect();
  }
}

/**
 * `phalanx relay --resume <chain>`: go on with a chain after a reorg stopped relaying to it.
 * @returns why it had stopped; undefined if it had not
 */
export async function relayResume(config: Pick<RelayerConfig, 'redis'>, chain: ChainId): Promise<Halt | undefined> {
  const redis = await connectProducer(config.redis);
  try {
    return await resumeChain(redis, chain);
  } finally {
    redis.disconnect();
  }
}
