// SPDX-License-Identifier: GPL-3.0-or-later
import type { FollowerConfig } from '../runtime/config.ts';
import type { FollowedChain } from '../runtime/followed-chain.ts';
import { createLogger, type Logger } from '../runtime/log.ts';
import { createMetrics, serveMetrics } from '../runtime/metrics.ts';
import type { Running } from '../runtime/shutdown.ts';
import { ApiClient } from './api/api-client.ts';
import { NothingToFollowError } from './follower/errors.ts';
import { FollowMetrics } from './follower/follow-metrics.ts';
import { Following } from './follower/following.ts';
import { repeat } from './lib/repeat.ts';
import { CometBftSource } from './sources/cometbft/cometbft-source.ts';
import { CometBftNodes } from './sources/cometbft/nodes.ts';
import { SourceMismatchError } from './sources/errors.ts';

/**
 * Follow every CometBFT chain that has nodes, until stopped.
 * @throws NothingToFollowError when none has, SourceMismatchError when a node serves another chain
 */
export async function startFollower(
  config: FollowerConfig,
  log: Logger = createLogger('follower', config.logLevel),
): Promise<Running> {
  const registry = createMetrics('follower');
  const metrics = new FollowMetrics(registry);
  const api = new ApiClient(config.apiClient);
  const ending = new AbortController();
  const followings = config.cometbft
    .filter(({ rpcs }) => rpcs !== undefined)
    .map((chain) => {
      const chainLog = log.child({ chain: chain.id });
      const sources = sourcesOf(chain, metrics, chainLog, ending.signal);
      return { log: chainLog, sources, following: new Following({ chain, ...sources, api, metrics, log: chainLog }) };
    });
  if (followings.length === 0) throw new NothingToFollowError('no chain of `cometbft` has `rpcs`');
  await Promise.all(followings.map(({ sources }) => refuseMismatch(sources.source)));

  const { pollMs } = config.follower;
  const loops = followings.map(({ following, log: chainLog }) => {
    chainLog.info('following');
    return repeat(
      () => following.round(),
      pollMs,
      (err) => {
        if (!ending.signal.aborted) chainLog.warn({ err }, 'round failed; it is tried again');
      },
    );
  });
  const server = config.follower.metrics
    ? await serveMetrics(registry, config.follower.metrics, () =>
        followings.every(({ following }) => following.isReady),
      )
    : undefined;
  return {
    stop: async () => {
      ending.abort();
      await Promise.all(loops.map((loop) => loop.stop()));
      await server?.close();
    },
  };
}

/** A round is repeated anyway: no node is asked twice in one. */
function sourcesOf(
  { id, chainId, rpcs = [] }: FollowedChain,
  metrics: FollowMetrics,
  log: Logger,
  signal: AbortSignal,
) {
  const of = (urls: readonly string[], onFailure?: (node: number, error: Error) => void): CometBftSource =>
    new CometBftSource(chainId, new CometBftNodes({ urls, rounds: 1, signal, ...(onFailure ? { onFailure } : {}) }));
  const source = of(rpcs, (node, err) => {
    metrics.nodeFailures.inc({ chain: id, node });
    log.info({ node, err }, 'a node is of no use now');
  });
  return { source, witnesses: rpcs.map((url) => of([url])) };
}

async function refuseMismatch(source: CometBftSource): Promise<void> {
  try {
    await source.check();
  } catch (error) {
    // A node that does not answer now may later; each block is checked again anyway.
    if (error instanceof SourceMismatchError) throw error;
  }
}
