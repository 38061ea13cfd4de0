// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../protocol/bytes.ts';
import type { ChainConfig } from '../runtime/common-config.ts';
import type { WatcherConfig } from '../runtime/config.ts';
import { createLogger, type Logger } from '../runtime/log.ts';
import { createMetrics, serveMetrics } from '../runtime/metrics.ts';
import { connectProducer } from '../runtime/redis.ts';
import type { Running } from '../runtime/shutdown.ts';
import { ApiClient } from './api/api-client.ts';
import { ApiProblemError } from './api/errors.ts';
import { evmClient, type EvmClient } from './lib/evm-client.ts';
import { Hub } from './lib/hub.ts';
import { repeat } from './lib/repeat.ts';
import { ownSource, refuseMismatch } from './sources/own-source.ts';
import { shownConflicts, type ShownQuorum } from './watcher/conflict-report.ts';
import { HubWatch } from './watcher/hub-watch.ts';
import { LedgerWatch } from './watcher/ledger-watch.ts';
import { WatchMetrics } from './watcher/watch-metrics.ts';

/**
 * Publish the hub's validator sets to the API, and watch over what the ledgers hold, until stopped.
 * @throws SourceMismatchError when a node serves another chain, RedisUnavailableError, RedisSettingsError
 */
export async function startWatcher(
  config: WatcherConfig,
  log: Logger = createLogger('watcher', config.logLevel),
): Promise<Running> {
  const registry = createMetrics('watcher');
  const metrics = new WatchMetrics(registry);
  const watched = config.chains.map((chain) => ({
    chain,
    source: ownSource(chain, log),
    client: evmClient(chain.rpcs),
  }));
  await Promise.all(watched.map(({ source }) => refuseMismatch(source)));
  const redis = await connectProducer(config.redis);
  const api = new ApiClient(config.apiClient);
  const sources = watched.map(({ source }) => source);
  let rounds = 0;

  const loops = watched.flatMap(({ chain, source, client }) => {
    const { contracts, fromBlock, confirmations } = chain;
    const chainLog = log.child({ chain: chain.id });
    const common = { client, fromBlock, redis, metrics, log: chainLog };
    const ledgerWatch = new LedgerWatch({
      ...common,
      local: source,
      ledger: contracts.ledger,
      confirmations,
      sources: sources.filter((other) => other !== source),
      reportConflict: (transaction) => report(api, client, chain, transaction, chainLog),
    });
    const hubWatch =
      chain.id === config.coalition.hub
        ? new HubWatch({
            ...common,
            source,
            hub: new Hub(chain.rpcs, chain.rpcQuorum, config.coalition.hubCoalition),
            coalition: config.coalition.hubCoalition,
            api,
          })
        : undefined;
    return [hubWatch, ledgerWatch].flatMap((watch) =>
      watch
        ? [
            repeat(
              async () => {
                await watch.round();
                rounds += 1;
              },
              config.watcher.pollMs,
              (err) => chainLog.warn({ err }, 'round failed; it is tried again'),
            ),
          ]
        : [],
    );
  });
  const server = config.watcher.metrics
    ? await serveMetrics(registry, config.watcher.metrics, () => rounds > 0)
    : undefined;
  log.info('watching');
  return {
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
      await server?.close();
      redis.disconnect();
    },
  };
}

/** Hand contradicting quorums to the API, whoever made them: it has everybody in both bitmaps slashed. */
async function report(
  api: ApiClient,
  client: EvmClient,
  { contracts, fromBlock }: ChainConfig,
  transaction: Hex,
  log: Logger,
): Promise<boolean> {
  const about = log.child({ tx: transaction });
  const pairs = await shownConflicts(client, contracts.ledger, transaction, fromBlock);
  const done = await Promise.all(pairs.map((pair) => reportPair(api, pair, about)));
  return done.every(Boolean);
}

/** @returns whether it needs no more reporting */
async function reportPair(
  api: ApiClient,
  pair: readonly [ShownQuorum, ShownQuorum] | undefined,
  log: Logger,
): Promise<boolean> {
  if (!pair) {
    log.fatal("a quorum contradicts what the ledger holds by its owner's word: no proof of that was ever shown to it");
    return true;
  }
  for (const url of api.urls) {
    try {
      await api.postQuorumConflict(url, pair);
      log.warn('conflicting quorums reported');
      return true;
    } catch (error) {
      const isFinal = error instanceof ApiProblemError && !error.retryable && error.problem !== 'SET_UNKNOWN';
      log.error({ err: error, url }, 'conflicting quorums not accepted');
      if (isFinal) return true;
    }
  }
  return false;
}
