// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Redis } from 'ioredis';
import { startEmbeddedRedis, type EmbeddedRedis } from '../../runtime/embedded-redis.ts';
import { connectProducer } from '../../runtime/redis.ts';
import { apiKeys } from '../store/redis-keys.ts';
import { Problem } from './problem.ts';
import { RateLimiter } from './rate-limit.ts';

const folder = mkdtempSync(join(tmpdir(), 'phalanx-rate-'));
let server: EmbeddedRedis;
let redis: Redis;
before(async () => {
  server = await startEmbeddedRedis({ dataDir: folder });
  redis = await connectProducer({ url: server.url, password: undefined });
});
after(async () => {
  redis.disconnect();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Tokens that a request was told are left, or the wait in seconds of one that was refused. */
async function outcome(taking: Promise<Record<string, string>>): Promise<string> {
  try {
    const headers = await taking;
    return `left ${/r=(\d+)/.exec(headers['RateLimit'] ?? '')?.[1]}`;
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'RATE_LIMITED') throw error;
    return `refused ${error.options.headers?.['Retry-After']}`;
  }
}

test('requests at once are each told what one after another would be', async () => {
  const limiter = new RateLimiter(redis, { perSecond: 1, burst: 5 });
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcome(limiter.take('crowd'))));
  assert.deepEqual(outcomes, ['left 4', 'left 3', 'left 2', 'left 1', 'left 0', 'refused 1', 'refused 1', 'refused 1']);
});

test('requests at once cost two calls, whatever their number', async () => {
  const limiter = new RateLimiter(redis, { perSecond: 1, burst: 1_000 });
  await limiter.take('few');
  const calls = async (): Promise<number> =>
    Number(/cmdstat_evalsha:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
  const earlier = await calls();
  await Promise.all(Array.from({ length: 100 }, () => limiter.take('few')));
  assert.equal((await calls()) - earlier, 2);
});

test('two processes share a bucket, clients do not', async () => {
  const limiters = [1, 2].map(() => new RateLimiter(redis, { perSecond: 1, burst: 6 }));
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, (_, i) => outcome(limiters[i % 2]?.take('shared') ?? Promise.reject(new Error()))),
  );
  assert.deepEqual(
    outcomes.filter((text) => text.startsWith('left')).sort(),
    [0, 1, 2, 3, 4, 5].map((left) => `left ${left}`),
  );
  assert.equal(await outcome(limiters[0]?.take('other') ?? Promise.reject(new Error())), 'left 5');
});

test('a failure of Redis is told to everyone who waited for it, and the next one asks anew', async () => {
  const limiter = new RateLimiter(redis, { perSecond: 1, burst: 10 });
  await redis.set(apiKeys.rate('broken'), 'no hash');
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => limiter.take('broken')));
  assert.ok(results.every(({ status }) => status === 'rejected'));
  await redis.del(apiKeys.rate('broken'));
  assert.equal(await outcome(limiter.take('broken')), 'left 9');
});
