// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { loadArtifacts, type KeyArtifacts, type KeyMode } from '../circuits/artifacts.ts';
import { DEFAULT_HOME } from '../circuits/compile.ts';
import { inputJson } from '../circuits/input-schema.ts';
import { findInstalledKey } from '../circuits/keys/find-installed-key.ts';
import { keyPaths } from '../circuits/keys/key-store.ts';
import { setupCircuits } from '../circuits/keys/setup.ts';
import { prepareInputs } from '../circuits/registry.ts';
import { publicKey, sign } from '../protocol/eddsa.ts';
import { toFr } from '../protocol/field.ts';
import { statementId, type StatementId } from '../protocol/statement.ts';
import { startEmbeddedRedis, type EmbeddedRedis } from '../runtime/embedded-redis.ts';
import { KeyHolder, type FindHeldKey, type HeldKey } from '../runtime/key-exchange/key-holder.ts';
import { exchangeChannels, KEY_FILES, type KeyFile, type KeyName } from '../runtime/key-exchange/messages.ts';
import { createLogger } from '../runtime/log.ts';
import { connectWorker } from '../runtime/redis.ts';
import type { Json } from '../runtime/statement-record.ts';
import { StatementStore } from '../runtime/statement-store.ts';
import { KeyFetcher } from './key-fetcher.ts';

const CLI = path.join(import.meta.dirname, '..', 'cli', 'phalanx.mjs');
const dataDir = mkdtempSync(path.join(tmpdir(), 'phalanx-key-exchange-'));
const log = createLogger('worker', 'silent');
const never = new AbortController().signal;
let server: EmbeddedRedis;
let redis: Redis;
let key: KeyArtifacts;
let name: KeyName;

before(async () => {
  const [made] = await setupCircuits(['registration']);
  assert.ok(made);
  key = made;
  name = { circuit: 'registration', keyHash: key.manifest.verificationKeyHash };
  server = await startEmbeddedRedis({ dataDir });
  redis = await connectWorker({ url: server.url, password: undefined });
});
after(async () => {
  redis?.disconnect();
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const emptyHome = (): string => mkdtempSync(path.join(dataDir, 'home-'));

const installed: FindHeldKey = ({ circuit, keyHash }) => findInstalledKey(circuit, keyHash, [DEFAULT_HOME]);

async function withHolders(finds: readonly FindHeldKey[], use: () => Promise<void>): Promise<void> {
  const holders = await Promise.all(finds.map((find) => KeyHolder.open(redis, find, log)));
  try {
    await use();
  } finally {
    await Promise.all(holders.map((holder) => holder.close()));
  }
}

function fetchInto(home: string, mode: KeyMode = 'development', signal = never): Promise<void> {
  return new KeyFetcher({ redis, home, mode, log, times: { offerMs: 400, partMs: 400 } }).fetch(name, signal);
}

/** A holder's view of the key that counts how often each path is asked for: once for an offer, then once for a part. */
function counted(held: HeldKey, look: (file: KeyFile, times: number) => void = () => undefined) {
  const times: Record<KeyFile, number> = { verificationKey: 0, wasm: 0, zkey: 0 };
  const paths = Object.defineProperties(
    {},
    Object.fromEntries(
      KEY_FILES.map((file) => [
        file,
        {
          get: () => {
            look(file, ++times[file]);
            return held.paths[file];
          },
        },
      ]),
    ),
  ) as HeldKey['paths'];
  return { times, held: { manifest: held.manifest, paths } };
}

describe('a key that another process has', () => {
  test('is fetched, checked and installed whole, and leaves nothing in Redis', async () => {
    const home = emptyHome();
    await withHolders([installed], () => fetchInto(home));
    const { manifest } = await loadArtifacts('registration', { home, keyHash: name.keyHash });
    assert.deepEqual(manifest, key.manifest);
    assert.deepEqual(await redis.keys('*exchange*'), []);
    assert.deepEqual(await redis.pubsub('CHANNELS', `${exchangeChannels.offers('')}*`), []);
  });

  test('is missing when nobody has it', async () => {
    await assert.rejects(fetchInto(emptyHome()), { code: 'KEY_MISSING', retryable: true });
    await withHolders([() => Promise.resolve(undefined)], () =>
      assert.rejects(fetchInto(emptyHome()), { code: 'KEY_MISSING', retryable: true }),
    );
  });

  test('of which a file was changed is not installed, and comes from an honest process if there is one', async () => {
    const folder = mkdtempSync(path.join(dataDir, 'changed-'));
    for (const file of ['zkey', 'wasm', 'verificationKey'] as const) {
      cpSync(key.paths.folder, folder, { recursive: true });
      const bytes = readFileSync(keyPaths(folder)[file]);
      const at = bytes.length - 300;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(keyPaths(folder)[file], bytes);
      const changed: FindHeldKey = () =>
        Promise.resolve({ manifest: readFileSync(keyPaths(folder).manifest, 'utf8'), paths: keyPaths(folder) });
      const home = emptyHome();
      await withHolders([changed], () =>
        assert.rejects(fetchInto(home), { code: 'KEY_FETCH_FAILED', retryable: true }),
      );
      assert.deepEqual(readdirSync(path.join(home, 'keys', 'registration')), []);
      const late: FindHeldKey = async (wanted) => sleep(100).then(() => installed(wanted));
      await withHolders([changed, late], () => fetchInto(home));
      await loadArtifacts('registration', { home, keyHash: name.keyHash });
    }
  });

  test('whose manifest names another key is refused before anything is sent', async () => {
    const held = await installed(name);
    assert.ok(held);
    for (const manifest of [
      '{}',
      'no json',
      held.manifest.replace(name.keyHash, `0x${'12'.repeat(32)}`),
      held.manifest.replace('"registration"', '"equivocation"'),
    ]) {
      const { times, held: other } = counted({ ...held, manifest });
      await withHolders([() => Promise.resolve(other)], () =>
        assert.rejects(fetchInto(emptyHome()), { code: 'KEY_FETCH_FAILED' }),
      );
      // Offered twice: again when it was asked who else has it.
      assert.deepEqual(times, { verificationKey: 2, wasm: 2, zkey: 2 });
    }
  });

  test('is refused in production before anything is sent if it is a development key; another worker may prove', async () => {
    const held = await installed(name);
    assert.ok(held);
    const { times, held: watched } = counted(held);
    await withHolders([() => Promise.resolve(watched)], () =>
      assert.rejects(fetchInto(emptyHome(), 'production'), (error: Error & { code: string; retryable: boolean }) => {
        assert.deepEqual([error.code, error.retryable], ['KEY_FETCH_FAILED', true]);
        assert.equal((error.cause as { code: string }).code, 'DEVELOPMENT_KEY_IN_PRODUCTION');
        return true;
      }),
    );
    assert.deepEqual(times, { verificationKey: 1, wasm: 1, zkey: 1 });
  });

  test('goes on from another process when the first falls silent', async () => {
    const held = await installed(name);
    assert.ok(held);
    const first = counted(held, (file, times) => {
      if (file === 'zkey' && times > 1) throw new Error('gone');
    });
    const second = counted(held);
    const home = emptyHome();
    const late = async (): Promise<HeldKey> => sleep(100).then(() => second.held);
    await withHolders([() => Promise.resolve(first.held), late], () => fetchInto(home));
    await loadArtifacts('registration', { home, keyHash: name.keyHash });
    assert.ok(first.times.wasm > 1);
    // Two offers, of which the first came too late, and no part of what had come.
    assert.deepEqual([second.times.wasm, second.times.verificationKey], [2, 2]);
    assert.ok(second.times.zkey > 2);
  });

  test('ends on its way when nobody waits for it any more', async () => {
    const home = emptyHome();
    const held = await installed(name);
    assert.ok(held);
    const stop = new AbortController();
    const { held: watched } = counted(held, (file, times) => {
      if (file === 'zkey' && times > 1) stop.abort(new Error('enough'));
    });
    await withHolders([() => Promise.resolve(watched)], () =>
      assert.rejects(fetchInto(home, 'development', stop.signal), { message: 'enough' }),
    );
    assert.deepEqual(readdirSync(path.join(home, 'keys', 'registration')), []);
  });
});

describe('a worker whose file holds no more than the Redis URL, with an empty home', () => {
  /** `development` since no ceremony made the key. */
  function startWorker(home: string): ChildProcess {
    const file = path.join(home, 'worker.yaml');
    writeFileSync(file, `mode: development\nhome: .\nredis: { url: '${server.url}' }\n`);
    return spawn(process.execPath, [CLI, 'worker', '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  async function ask(store: StatementStore, number: bigint): Promise<StatementId> {
    const secret = new Uint8Array(32).fill(7);
    const digest = toFr(number, 'digest');
    const inputs = JSON.parse(inputJson({ key: publicKey(secret), digest, signature: sign(secret, digest) })) as Json;
    const { publicSignals } = prepareInputs('registration', inputs);
    const id = statementId({ circuit: 'registration', publicSignals });
    const signals = publicSignals.map(String);
    await store.create({ id, kind: 'registration', ...name, publicSignals: signals, inputs, context: null });
    return id;
  }

  async function proved(store: StatementStore, id: StatementId): Promise<void> {
    for (const from = Date.now(); ; await sleep(50)) {
      const record = await store.get(id);
      if (record?.state === 'proved') return;
      assert.notEqual(record?.state, 'failed', JSON.stringify(record?.failure));
      assert.ok(Date.now() - from < 60_000, JSON.stringify(record));
    }
  }

  test('proves with a key that another process has; a second one gets it from the first', async () => {
    const store = new StatementStore(redis);
    const homes = [emptyHome(), emptyHome()] as const;
    const ended: Promise<unknown>[] = [];
    const workers: ChildProcess[] = [];
    const start = (home: string): void => {
      const worker = startWorker(home);
      workers.push(worker);
      ended.push(once(worker, 'exit'));
    };
    try {
      start(homes[0]);
      const first = await ask(store, 1n);
      await withHolders([installed], () => proved(store, first));
      assert.ok(existsSync(path.join(homes[0], 'fetched', 'keys', 'registration')));

      start(homes[1]);
      while (!String(await redis.pubsub('NUMSUB', exchangeChannels.wanted)).endsWith(',2')) await sleep(50);
      // Several at a time, until one of them has gone to the second.
      for (let number = 2n; !existsSync(path.join(homes[1], 'fetched', 'keys', 'registration')); number += 8n) {
        assert.ok(number < 400n);
        const several = await Promise.all(Array.from({ length: 8 }, (_, i) => ask(store, number + BigInt(i))));
        await Promise.all(several.map((id) => proved(store, id)));
      }
    } finally {
      for (const worker of workers) worker.kill('SIGTERM');
      await Promise.all(ended);
      await store.close();
    }
  });
});
