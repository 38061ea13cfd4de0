// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEmbeddedRedis } from './embedded-redis.ts';
import { SCHEMA_KEY, SCHEMA_VERSION } from './keys.ts';
import { connectProducer, connectWorker, RedisSettingsError, RedisUnavailableError } from './redis.ts';

const newDir = (): string => mkdtempSync(join(tmpdir(), 'phalanx-redis-'));

test('a private Redis keeps a write through kill -9 and restart from its file', async () => {
  const dataDir = newDir();
  const first = await startEmbeddedRedis({ dataDir });
  const before = await connectProducer({ url: first.url, password: undefined });
  await before.set('phalanx:x', 'kept');
  before.disconnect();
  const ended = new Promise((resolve) => first.process.once('exit', resolve));
  process.kill(first.pid, 'SIGKILL');
  await ended;

  const second = await startEmbeddedRedis({ dataDir });
  try {
    const after = await connectWorker({ url: second.url, password: undefined });
    assert.equal(await after.get('phalanx:x'), 'kept');
    after.disconnect();
  } finally {
    await second.stop();
  }
});

test('refuses a Redis that could lose data, naming the setting, and one of another schema', async () => {
  const redis = await startEmbeddedRedis({ dataDir: newDir() });
  try {
    const config = { url: redis.url, password: undefined };
    const admin = await connectProducer(config);
    const faults = [
      ['maxmemory-policy', 'allkeys-lru', 'noeviction'],
      ['appendfsync', 'everysec', 'always'],
      ['appendonly', 'no', 'yes'],
    ] as const;
    for (const [setting, wrong, right] of faults) {
      await admin.config('SET', setting, wrong);
      await assert.rejects(
        connectProducer(config),
        (error) => error instanceof RedisSettingsError && error.message.includes(setting),
      );
      await admin.config('SET', setting, right);
    }
    await admin.set(SCHEMA_KEY, SCHEMA_VERSION - 1);
    await assert.rejects(connectWorker(config), RedisSettingsError);
    admin.disconnect();
  } finally {
    await redis.stop();
  }
});

test('a producer fails fast while Redis is away', async () => {
  const redis = await startEmbeddedRedis({ dataDir: newDir() });
  const config = { url: redis.url, password: undefined };
  const producer = await connectProducer(config);
  await redis.stop();
  const started = Date.now();
  await assert.rejects(producer.get('x'));
  assert.ok(Date.now() - started < 2_000);
  producer.disconnect();
  await assert.rejects(connectProducer(config), RedisUnavailableError);
});
