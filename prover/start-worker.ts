// SPDX-License-Identifier: GPL-3.0-or-later
import type { WorkerConfig } from '../runtime/config.ts';
import type { Logger } from '../runtime/log.ts';
import { createMetrics, serveMetrics } from '../runtime/metrics.ts';
import { connectWorker } from '../runtime/redis.ts';
import type { Running } from '../runtime/shutdown.ts';
import { StatementStore } from '../runtime/statement-store.ts';
import type { Catalog } from './catalog.ts';
import { InstalledCatalog } from './installed-catalog.ts';
import { openKeyExchange } from './key-exchange.ts';
import { ProverMetrics } from './prover-metrics.ts';
import type { EngineOptions } from './select-engine.ts';
import { ProverWorker } from './worker.ts';

/** Proofs under way when the worker is told to stop get this long; shorter than `stopOnSignal`'s deadline. */
const DRAIN_MS = 20_000;

export interface WorkerRunning extends Running {
  readonly worker: ProverWorker;
}

/**
 * Run one prover worker: any number of them, on any number of machines, share the work of one Redis.
 * @param given what it proves; by default the project's circuits with the keys in `config.home`, and with those that
 *   other processes on the same Redis have
 * @throws RedisUnavailableError, RedisSettingsError, KeyError, EngineUnavailableError; DevelopmentKeyError in
 * production
 */
export async function startWorker(
  config: WorkerConfig,
  log: Logger,
  given?: Catalog,
  drainMs: number = DRAIN_MS,
): Promise<WorkerRunning> {
  const { concurrency, timeoutMs, metrics: endpoint } = config.worker;
  // Keys first: a worker that may not prove with what lies here says so before it takes a job.
  const installed = given ?? new InstalledCatalog(config.home, config.mode);
  const circuits = await installed.list();
  log.info(
    { circuits: circuits.map(({ files, keyHash, keyKind }) => ({ circuit: files.circuit, keyHash, keyKind })) },
    'keys',
  );
  if (circuits.length === 0) log.info({ home: config.home }, 'no key lies here: they are fetched when jobs name them');
  const redis = await connectWorker(config.redis);
  const exchange = given ? undefined : await openKeyExchange(installed, redis, config, log);
  const catalog = exchange?.catalog ?? installed;
  const store = new StatementStore(redis);
  const registry = createMetrics('worker');
  const metrics = new ProverMetrics(registry, store);
  const worker = new ProverWorker({
    redis,
    store,
    catalog,
    log,
    metrics,
    engine: engineOptions(config),
    concurrency,
    timeoutMs,
  });
  const stop = async (): Promise<void> => {
    await worker.stop(drainMs);
    await exchange?.close();
    await store.close();
    redis.disconnect();
  };
  try {
    await worker.start();
  } catch (error) {
    await stop();
    throw error;
  }
  const server = endpoint && (await serveMetrics(registry, endpoint, () => worker.ready));
  log.info({ redis: config.redis.url }, 'worker ready');
  return {
    worker,
    stop: async () => {
      await stop();
      await server?.close();
    },
  };
}

function engineOptions({ worker: { engine, native } }: WorkerConfig): EngineOptions {
  if (!native) return { engine };
  const { path, threads, keyMemoryMiB } = native;
  return { engine, path, ...(threads !== undefined && { threads }), maxKeyBytes: keyMemoryMiB * 2 ** 20 };
}
