// SPDX-License-Identifier: GPL-3.0-or-later
import { Redis, type RedisOptions } from 'ioredis';
import { PhalanxError } from '../protocol/errors.ts';
import type { RedisConfig } from './common-config.ts';
import { SCHEMA_KEY, SCHEMA_VERSION } from './keys.ts';

/** What Redis must be set to so that nothing accepted is lost. */
const REQUIRED_SETTINGS = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' } as const;

/** Redis is not set up as the project needs it; `message` names the setting. */
export class RedisSettingsError extends PhalanxError {
  readonly code = 'REDIS_SETTINGS';
  readonly retryable = false;
}

/** Redis does not answer. */
export class RedisUnavailableError extends PhalanxError {
  readonly code = 'REDIS_UNAVAILABLE';
  readonly retryable = true;
}

/**
 * Connect for a process that answers requests: a command fails at once while Redis is away, so that the request fails
 * too; the connection itself comes back by itself.
 * @throws RedisUnavailableError, RedisSettingsError
 */
export async function connectProducer(config: RedisConfig): Promise<Redis> {
  return connect(config, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 10_000 });
}

/**
 * Connect for a process that waits on Redis (BullMQ workers, blocking reads): commands wait until Redis is back.
 * @throws RedisUnavailableError when it is away at the start, RedisSettingsError
 */
export async function connectWorker(config: RedisConfig): Promise<Redis> {
  return connect(config, { maxRetriesPerRequest: null });
}

/**
 * Refuse a Redis that could lose what was accepted, or that holds another schema version.
 * @throws RedisSettingsError
 */
export async function checkPersistence(redis: Redis): Promise<void> {
  for (const [setting, required] of Object.entries(REQUIRED_SETTINGS)) {
    const actual = await configGet(redis, setting);
    if (actual !== required) {
      throw new RedisSettingsError(
        `Redis has "${setting} ${actual}"; Phalanx needs "${setting} ${required}" (redis-cli CONFIG SET ${setting} ${required}, and in redis.conf)`,
        { setting, actual, required },
      );
    }
  }
  await redis.set(SCHEMA_KEY, SCHEMA_VERSION, 'NX');
  const version = await redis.get(SCHEMA_KEY);
  if (version !== String(SCHEMA_VERSION)) {
    throw new RedisSettingsError(`Redis holds data of schema version ${version}; this program reads ${SCHEMA_VERSION}`);
  }
}

async function configGet(redis: Redis, setting: string): Promise<string> {
  try {
    const reply = (await redis.config('GET', setting)) as readonly string[];
    return reply[1] ?? '';
  } catch (error) {
    throw new RedisSettingsError(`Redis does not let us read its setting ${setting} (CONFIG GET)`, { setting }, error);
  }
}

async function connect(config: RedisConfig, options: RedisOptions): Promise<Redis> {
  const redis = new Redis({
    ...address(config),
    ...options,
    lazyConnect: true,
    connectTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  });
  // Without a listener ioredis prints to the console; callers see failures as rejected commands.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await checkPersistence(redis);
  } catch (error) {
    redis.disconnect();
    if (error instanceof PhalanxError) throw error;
    throw new RedisUnavailableError(`Redis does not answer at ${config.url}`, { url: config.url }, error);
  }
  return redis;
}

/** Connection options out of a configured URL; BullMQ takes them as well. */
export function address({ url, password }: RedisConfig): RedisOptions {
  const secret = password === undefined ? {} : { password: password.reveal() };
  if (url.startsWith('unix://')) return { path: url.slice('unix://'.length), ...secret };
  const { hostname, port, pathname, username, protocol } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 6379 : Number(port),
    db: pathname.length > 1 ? Number(pathname.slice(1)) : 0,
    ...(username === '' ? {} : { username }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
    ...secret,
  };
}
