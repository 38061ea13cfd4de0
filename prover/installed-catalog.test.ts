// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { KeyArtifacts } from '../circuits/artifacts.ts';
import { inputJson } from '../circuits/input-schema.ts';
import { DEFAULT_HOME } from '../circuits/compile.ts';
import { setupCircuits } from '../circuits/keys/setup.ts';
import { publicKey, sign } from '../protocol/eddsa.ts';
import { toFr } from '../protocol/field.ts';
import { statementId } from '../protocol/statement.ts';
import { startEmbeddedRedis, type EmbeddedRedis } from '../runtime/embedded-redis.ts';
import { createLogger } from '../runtime/log.ts';
import { connectWorker } from '../runtime/redis.ts';
import type { Json } from '../runtime/statement-record.ts';
import { StatementStore } from '../runtime/statement-store.ts';
import { InstalledCatalog } from './installed-catalog.ts';
import { startWorker } from './start-worker.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'phalanx-installed-'));
const log = createLogger('worker', 'fatal');
let server: EmbeddedRedis;
let key: KeyArtifacts;

before(async () => {
  const [made] = await setupCircuits(['registration']);
  assert.ok(made);
  key = made;
  server = await startEmbeddedRedis({ dataDir });
});
after(async () => {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const config = (mode: 'development' | 'production') => ({
  mode,
  home: DEFAULT_HOME,
  logLevel: 'fatal' as const,
  redis: { url: server.url, password: undefined },
  worker: { concurrency: 1, timeoutMs: 60_000, engine: 'auto' as const },
});

test('a worker in production mode does not start where a development key lies', async () => {
  await assert.rejects(startWorker(config('production'), log), { code: 'DEVELOPMENT_KEY_IN_PRODUCTION' });
});

test('a key that does not lie here may come, an unknown circuit may not', async () => {
  const catalog = new InstalledCatalog(DEFAULT_HOME, 'development');
  await assert.rejects(catalog.find('registration', `0x${'00'.repeat(32)}`), { code: 'KEY_MISSING', retryable: true });
  await assert.rejects(catalog.find('no-such-circuit', `0x${'00'.repeat(32)}`), { code: 'UNKNOWN_CIRCUIT' });
  assert.equal((await catalog.find('registration', key.manifest.verificationKeyHash)).keyKind, 'development');
});

test('an engine that is not here is refused when it is asked for by name', async () => {
  const { worker, ...rest } = config('development');
  // No machine has this one; which of the real ones are here depends on the machine.
  const native = { path: 'none' as 'adx', keyMemoryMiB: 1 };
  const wanted = { ...rest, worker: { ...worker, engine: 'native' as const, native } };
  await assert.rejects(startWorker(wanted, log), { code: 'ENGINE_UNAVAILABLE' });
});

test('a registration is proved from its stored inputs', async (t) => {
  const secret = new Uint8Array(32).fill(7);
  const digest = toFr(123456789n, 'digest');
  const inputs = JSON.parse(inputJson({ key: publicKey(secret), digest, signature: sign(secret, digest) })) as Json;
  const catalog = new InstalledCatalog(DEFAULT_HOME, 'development');
  const { publicSignals } = catalog.prepare('registration', inputs);
  const id = statementId({ circuit: 'registration', publicSignals });
  const redis = await connectWorker({ url: server.url, password: undefined });
  const store = new StatementStore(redis);
  await store.create({
    id,
    kind: 'registration',
    circuit: 'registration',
    keyHash: key.manifest.verificationKeyHash,
    publicSignals: publicSignals.map(String),
    inputs,
    context: null,
  });
  const worker = await startWorker(config('development'), log);
  try {
    const from = Date.now();
    for (;;) {
      const record = await store.get(id);
      if (record?.state === 'proved') break;
      assert.notEqual(record?.state, 'failed', JSON.stringify(record?.failure));
      assert.ok(Date.now() - from < 60_000);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    t.diagnostic(`proved after ${Date.now() - from} ms`);
    assert.equal((await store.proof(id))?.keyHash, key.manifest.verificationKeyHash);
  } finally {
    await worker.stop();
    await store.close();
    redis.disconnect();
  }
});
