// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { KeyMissingError } from '../circuits/keys/errors.ts';
import { statementId, type StatementId } from '../protocol/statement.ts';
import { startEmbeddedRedis, type EmbeddedRedis } from '../runtime/embedded-redis.ts';
import { PROVE_QUEUE, proveJobId } from '../runtime/keys.ts';
import { createLogger } from '../runtime/log.ts';
import { connectWorker } from '../runtime/redis.ts';
import type { NewStatement, StatementRecord } from '../runtime/statement-record.ts';
import { StatementStore } from '../runtime/statement-store.ts';
import type { Catalog } from './catalog.ts';
import { startWorker, type WorkerRunning } from './start-worker.ts';
import { verifyStrictly } from './strict-verifier.ts';
import { chainInput, productInput, testCatalog } from './testing/test-circuits.ts';

type TestCatalog = Awaited<ReturnType<typeof testCatalog>>;

const dataDir = mkdtempSync(path.join(tmpdir(), 'phalanx-worker-'));
let catalog: TestCatalog;
let server: EmbeddedRedis;
let redis: Redis;
let store: StatementStore;
const running: WorkerRunning[] = [];
const processes: ChildProcess[] = [];

before(async () => {
  catalog = await testCatalog();
  server = await startEmbeddedRedis({ dataDir });
  redis = await connectWorker({ url: server.url, password: undefined });
  store = new StatementStore(redis);
});
beforeEach(() => redis.flushall());
afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.stop()));
  for (const child of processes.splice(0)) if (isAlive(child.pid)) child.kill('SIGKILL');
});
after(async () => {
  await store.close();
  redis.disconnect();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A worker in this process; its proving processes are real ones. */
async function worker(
  options: { timeoutMs?: number; drainMs?: number; concurrency?: number; keys?: Catalog } = {},
): Promise<WorkerRunning> {
  const { timeoutMs = 60_000, drainMs = 20_000, concurrency = 1, keys = catalog } = options;
  const started = await startWorker(
    {
      mode: 'development',
      home: '',
      logLevel: 'fatal',
      redis: { url: server.url, password: undefined },
      // The slower engine: a proof has a middle in which something can happen.
      worker: { concurrency, timeoutMs, engine: 'snarkjs' },
    },
    createLogger('worker', 'fatal'),
    keys,
    drainMs,
  );
  running.push(started);
  return started;
}

/** A worker as a process of its own. */
async function workerProcess(drainMs = 20_000): Promise<{ child: ChildProcess; provingPid: number }> {
  const child = fork(path.join(import.meta.dirname, 'testing', 'worker-process.ts'), [server.url, `${drainMs}`], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  processes.push(child);
  const { childPids } = await new Promise<{ childPids: number[] }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { childPids: number[] }));
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
  });
  assert.ok(childPids[0]);
  return { child, provingPid: childPids[0] };
}

function statement(
  circuit: 'test-product' | 'test-chain',
  inputs: Record<string, string>,
  change: Partial<NewStatement> = {},
): NewStatement {
  const known = catalog.circuits.find(({ files }) => files.circuit === circuit);
  assert.ok(known);
  const publicSignals = catalog.prepare(circuit, inputs).publicSignals;
  return {
    id: statementId({ circuit, publicSignals }),
    kind: 'test',
    circuit,
    keyHash: known.keyHash,
    publicSignals: publicSignals.map(String),
    inputs,
    context: null,
    ...change,
  };
}

const product = (x: bigint, y: bigint): NewStatement => statement('test-product', productInput(x, y));
const chain = (start: bigint): NewStatement => statement('test-chain', chainInput(start));

async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 45_000,
): Promise<T> {
  for (const from = Date.now(); Date.now() - from < timeoutMs; await sleep(20)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`);
}

const ended = (id: StatementId): Promise<StatementRecord> =>
  until(`${id} ends`, async () => {
    const record = await store.get(id);
    return record && record.state !== 'queued' && record.state !== 'proving' && record;
  });

/** The proving process is at work on it. */
const inMidProof = (id: StatementId): Promise<StatementRecord> =>
  until(`${id} is being proved`, async () => {
    const record = await store.get(id);
    return record?.phase === 'prove' && record;
  });

async function assertProved(id: StatementId): Promise<StatementRecord> {
  const record = await ended(id);
  assert.equal(record.state, 'proved', JSON.stringify(record.failure));
  const proved = await store.proof(id);
  const circuit = catalog.circuits.find(({ files }) => files.circuit === record.circuit);
  assert.ok(proved && circuit);
  assert.deepEqual(proved.publicSignals, record.publicSignals);
  assert.deepEqual(await verifyStrictly(circuit.verificationKey, proved.publicSignals, proved.proof), { valid: true });
  await until('its job is gone', async () => (await redis.exists(jobKey(id))) === 0);
  return record;
}

const jobKey = (id: StatementId): string => `${PROVE_QUEUE.prefix}:${PROVE_QUEUE.name}:${proveJobId(id)}`;

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

const codes = async (id: StatementId): Promise<string[]> => (await store.events(id)).flatMap(({ code }) => code ?? []);

test('proves what is queued and tells each phase', async () => {
  const { id } = product(6n, 7n);
  await store.create(product(6n, 7n));
  await worker();
  await assertProved(id);
  const told = (await store.events(id)).map(({ state, phase }) => phase ?? state);
  assert.deepEqual([...new Set(told)], ['queued', 'proving', 'witness', 'prove', 'check', 'proved']);
});

test('proves a statement once, however often it is asked for, before and after', async () => {
  const { id } = product(6n, 7n);
  await Promise.all(Array.from({ length: 5 }, () => store.create(product(6n, 7n))));
  await worker();
  await assertProved(id);
  const first = await store.proof(id);
  assert.equal(await store.create(product(6n, 7n)), 'exists');
  await sleep(300);
  assert.deepEqual(await store.proof(id), first);
  assert.equal((await store.get(id))?.attempts, 1);
});

test('keeps one proving process for many proofs, and as many as its concurrency', async () => {
  const started = await worker({ concurrency: 2 });
  const pids = started.worker.childPids;
  assert.equal(pids.length, 2);
  for (let i = 2n; i < 8n; i++) await store.create(product(i, i + 1n));
  for (let i = 2n; i < 8n; i++) await assertProved(product(i, i + 1n).id);
  assert.deepEqual(started.worker.childPids, pids);
});

const hopeless: [name: string, code: string, make: () => NewStatement][] = [
  [
    'a witness that cannot be',
    'WITNESS_REFUSED',
    () => statement('test-product', { ...productInput(6n, 7n), product: '43' }),
  ],
  ['inputs of another claim', 'SIGNALS_MISMATCH', () => ({ ...product(6n, 7n), inputs: productInput(6n, 8n) })],
  [
    'inputs out of range',
    'INVALID_FIELD',
    () => ({ ...product(6n, 7n), inputs: { ...productInput(6n, 7n), x: '-1' } }),
  ],
  ['a signal missing', 'WITNESS_REFUSED', () => ({ ...product(6n, 7n), inputs: { product: '42', sum: '13', x: '6' } })],
  ['an unknown circuit', 'UNKNOWN_CIRCUIT', () => ({ ...product(6n, 7n), circuit: 'test-nothing' })],
];
for (const [name, code, make] of hopeless) {
  test(`fails ${name} at once as ${code} and goes on with the next`, async () => {
    const wanted = make();
    await store.create(wanted);
    const started = await worker();
    const pids = started.worker.childPids;
    const record = await ended(wanted.id);
    assert.equal(record.state, 'failed');
    assert.equal(record.failure?.code, code);
    assert.equal(record.attempts, 1);
    await until('its job is gone', async () => (await redis.exists(jobKey(wanted.id))) === 0);
    await store.create(product(8n, 9n));
    await assertProved(product(8n, 9n).id);
    assert.deepEqual(started.worker.childPids, pids, 'the proving process has not been restarted');
  });
}

test("a worker that lacks a statement's key leaves it to one that has it", async () => {
  const { id } = product(6n, 7n);
  const without = await worker({ keys: { ...catalog, find: () => Promise.reject(new KeyMissingError('not here')) } });
  await store.create(product(6n, 7n));
  await until('it is given up', async () => (await codes(id)).includes('KEY_MISSING'));
  await without.stop();
  await worker();
  await assertProved(id);
});

test('tries again in a new process when the proving process is killed in mid-proof', async () => {
  const { id } = chain(3n);
  const started = await worker();
  await store.create(chain(3n));
  await inMidProof(id);
  const [pid] = started.worker.childPids;
  assert.ok(pid);
  process.kill(pid, 'SIGKILL');
  const record = await assertProved(id);
  assert.equal(record.attempts, 2);
  assert.deepEqual(await codes(id), ['CHILD_DIED']);
  assert.notEqual(started.worker.childPids[0], pid);
});

test('kills a proving process that hangs, after the hard limit, and tries again', async () => {
  const { id } = chain(4n);
  const started = await worker({ timeoutMs: 8_000 });
  await store.create(chain(4n));
  await inMidProof(id);
  const [pid] = started.worker.childPids;
  assert.ok(pid);
  process.kill(pid, 'SIGSTOP');
  const record = await assertProved(id);
  assert.equal(record.attempts, 2);
  assert.deepEqual(await codes(id), ['PROVING_TIMEOUT']);
  assert.equal(isAlive(pid), false);
});

test('stops proving a statement that is superseded, and stores nothing', async () => {
  const { id } = chain(5n);
  const started = await worker();
  await store.create(chain(5n));
  await inMidProof(id);
  const [pid] = started.worker.childPids;
  await store.supersede(id, 'epoch 2');
  await until('the proving process has ended', () => !isAlive(pid), 5_000);
  await until('its job is gone', async () => (await redis.exists(jobKey(id))) === 0);
  assert.equal((await store.get(id))?.state, 'superseded');
  assert.equal(await store.proof(id), undefined);
});

test('a worker killed in mid-proof leaves its statement to another, and no process behind', async (t) => {
  const { id } = chain(6n);
  const { child, provingPid } = await workerProcess();
  await store.create(chain(6n));
  await inMidProof(id);
  await worker();
  child.kill('SIGKILL');
  const from = Date.now();
  await until('it is begun again', async () => ((await store.get(id))?.attempts ?? 0) === 2, 20_000);
  t.diagnostic(`begun again after ${Date.now() - from} ms`);
  await assertProved(id);
  await until('the orphan has ended', () => !isAlive(provingPid), 10_000);
});

test('a worker told to stop finishes the proof under way, takes no other, and ends with 0', async () => {
  const { child } = await workerProcess();
  await store.create(chain(7n));
  await inMidProof(chain(7n).id);
  await store.create(product(6n, 7n));
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  assert.equal(await exit, 0);
  assert.equal((await store.get(chain(7n).id))?.state, 'proved');
  assert.equal((await store.get(product(6n, 7n).id))?.state, 'queued');
});

test('a worker told to stop hands back what it cannot finish in time', async () => {
  const { id } = chain(8n);
  const { child, provingPid } = await workerProcess(0);
  await store.create(chain(8n));
  await inMidProof(id);
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  assert.equal(await exit, 0);
  assert.equal(isAlive(provingPid), false);
  assert.equal((await store.get(id))?.state, 'queued');
  await worker();
  // Without waiting for the lock of the one that is gone to expire, which takes 6 s.
  await until('it is begun again', async () => ((await store.get(id))?.attempts ?? 0) === 2, 4_000);
  await assertProved(id);
});

test('Redis killed in mid-proof and restarted from its file loses nothing', async () => {
  const socketPath = server.url.slice('unix://'.length);
  await worker();
  await store.create(chain(9n));
  for (let i = 2n; i < 6n; i++) await store.create(product(i, 11n));
  await inMidProof(chain(9n).id);
  const killed = new Promise((resolve) => server.process.once('exit', resolve));
  server.process.kill('SIGKILL');
  await killed;
  server = await startEmbeddedRedis({ dataDir, socketPath });
  await assertProved(chain(9n).id);
  for (let i = 2n; i < 6n; i++) await assertProved(product(i, 11n).id);
});

test('a statement without a job, as a crash after its request leaves it, is proved by a worker that starts', async () => {
  const { id } = product(6n, 7n);
  await store.create(product(6n, 7n));
  await store.queue.remove(id);
  await worker();
  await assertProved(id);
});

test('a statement asked for under a new key while it is proved under the old one ends with the new', async () => {
  const wanted = product(6n, 7n);
  await store.create({ ...wanted, keyHash: `0x${'ab'.repeat(32)}` });
  await store.begin(wanted.id, 10);
  assert.equal(await store.create(wanted), 'requeued');
  await worker();
  const record = await assertProved(wanted.id);
  assert.equal(record.keyHash, wanted.keyHash);
});
