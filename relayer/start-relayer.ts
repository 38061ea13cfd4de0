// SPDX-License-Identifier: GPL-3.0-or-later
import { parseEther } from 'viem';
import type { RelayerConfig } from '../runtime/config.ts';
import { createLogger, type Logger } from '../runtime/log.ts';
import { createMetrics, serveMetrics } from '../runtime/metrics.ts';
import { connectProducer } from '../runtime/redis.ts';
import type { Running } from '../runtime/shutdown.ts';
import { ApiClient } from './api/api-client.ts';
import { DestinationMismatchError } from './destinations/errors.ts';
import { repeat } from './lib/repeat.ts';
import { destinationChains, destinationOf } from './relay/destinations-of.ts';
import { Feed } from './relay/feed.ts';
import { Pipeline } from './relay/pipeline.ts';
import { RelayMetrics } from './relay/relay-metrics.ts';

/**
 * Carry every finished statement to the chains that want it, until stopped. A chain whose node is away at the start is
 * taken up when it comes back; one that is not the configured one ends the start.
 * @throws DestinationMismatchError when contracts or chain are not ours, RedisUnavailableError, RedisSettingsError
 */
export async function startRelayer(
  config: RelayerConfig,
  log: Logger = createLogger('relayer', config.logLevel),
): Promise<Running> {
  const redis = await connectProducer(config.redis);
  try {
    const registry = createMetrics('relayer');
    const metrics = new RelayMetrics(registry);
    const api = new ApiClient(config.apiClient);
    const chains = destinationChains(config);
    const pipelines = chains.map((chain) => {
      const chainLog = log.child({ chain: chain.id });
      const destination = destinationOf(chain, config, redis, chainLog);
      const { sealEpochs, lowBalance } = config.relayer;
      return new Pipeline(destination, api, redis, metrics, chainLog, {
        sealEpochs,
        lowBalance: parseEther(String(lowBalance)),
      });
    });
    await Promise.all(pipelines.map((pipeline) => refuseMismatch(pipeline)));

    const feed = new Feed(api, redis, chains);
    const { pollMs } = config.relayer;
    const loops = [
      repeat(
        async () => {
          const taken = await feed.pull();
          if (taken > 0) log.info({ taken }, 'statements taken over from the feed');
        },
        pollMs,
        (err) => log.warn({ err }, 'no answer from the feed; it is asked again'),
      ),
      ...pipelines.map((pipeline) =>
        repeat(
          () => pipeline.round(),
          pollMs,
          (err) => log.error({ err }, 'round failed; it is tried again'),
        ),
      ),
    ];
    const server = config.relayer.metrics
      ? await serveMetrics(registry, config.relayer.metrics, () => pipelines.every(({ isReady }) => isReady))
      : undefined;
    return {
      stop: async () => {
        await Promise.all(loops.map((loop) => loop.stop()));
        await server?.close();
        redis.disconnect();
      },
    };
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

/** What cannot be checked yet is checked by the pipeline, before it sends anything. */
async function refuseMismatch(pipeline: Pipeline): Promise<void> {
  try {
    await pipeline.check();
  } catch (error) {
    if (error instanceof DestinationMismatchError) throw error;
  }
}
