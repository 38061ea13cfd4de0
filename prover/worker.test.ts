// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeyMissingError } from '../circuits/keys/errors.ts';
import type { NewStatement } from '../runtime/statement-record.ts';
import { productInput } from './testing/test-circuits.ts';
import { until, WorkerWorld } from './testing/worker-world.ts';

/* What becomes of statements; worker-crashes.test.ts has what becomes of them when something is killed or stopped. */
let world: WorkerWorld;
before(async () => {
  world = await WorkerWorld.open();
});
afterEach(() => world.reset());
after(() => world.close());

test('proves what is queued and tells each phase', async () => {
  const { id } = world.product(6n, 7n);
  await world.store.create(world.product(6n, 7n));
  await world.worker();
  await world.assertProved(id);
  const told = (await world.store.events(id)).map(({ state, phase }) => phase ?? state);
  assert.deepEqual([...new Set(told)], ['queued', 'proving', 'witness', 'prove', 'check', 'proved']);
});

test('proves a statement once, however often it is asked for, before and after', async () => {
  const { id } = world.product(6n, 7n);
  await Promise.all(Array.from({ length: 5 }, () => world.store.create(world.product(6n, 7n))));
  await world.worker();
  await world.assertProved(id);
  const first = await world.store.proof(id);
  assert.equal(await world.store.create(world.product(6n, 7n)), 'exists');
  await sleep(300);
  assert.deepEqual(await world.store.proof(id), first);
  assert.equal((await world.store.get(id))?.attempts, 1);
});

test('keeps one proving process for many proofs, and as many as its concurrency', async () => {
  const started = await world.worker({ concurrency: 2 });
  const pids = started.worker.childPids;
  assert.equal(pids.length, 2);
  for (let i = 2n; i < 8n; i++) await world.store.create(world.product(i, i + 1n));
  for (let i = 2n; i < 8n; i++) await world.assertProved(world.product(i, i + 1n).id);
  assert.deepEqual(started.worker.childPids, pids);
});

const hopeless: [name: string, code: string, make: () => NewStatement][] = [
  [
    'a witness that cannot be',
    'WITNESS_REFUSED',
    () => world.statement('test-product', { ...productInput(6n, 7n), product: '43' }),
  ],
  ['inputs of another claim', 'SIGNALS_MISMATCH', () => ({ ...world.product(6n, 7n), inputs: productInput(6n, 8n) })],
  [
    'inputs out of range',
    'INVALID_FIELD',
    () => ({ ...world.product(6n, 7n), inputs: { ...productInput(6n, 7n), x: '-1' } }),
  ],
  [
    'a signal missing',
    'WITNESS_REFUSED',
    () => ({ ...world.product(6n, 7n), inputs: { product: '42', sum: '13', x: '6' } }),
  ],
  ['an unknown circuit', 'UNKNOWN_CIRCUIT', () => ({ ...world.product(6n, 7n), circuit: 'test-nothing' })],
];
for (const [name, code, make] of hopeless) {
  test(`fails ${name} at once as ${code} and goes on with the next`, async () => {
    const wanted = make();
    await world.store.create(wanted);
    const started = await world.worker();
    const pids = started.worker.childPids;
    const record = await world.ended(wanted.id);
    assert.equal(record.state, 'failed');
    assert.equal(record.failure?.code, code);
    assert.equal(record.attempts, 1);
    await world.jobGone(wanted.id);
    await world.store.create(world.product(8n, 9n));
    await world.assertProved(world.product(8n, 9n).id);
    assert.deepEqual(started.worker.childPids, pids, 'the proving process has not been restarted');
  });
}

test("a worker that lacks a statement's key leaves it to one that has it", async () => {
  const { id } = world.product(6n, 7n);
  const without = await world.worker({
    keys: { ...world.catalog, find: () => Promise.reject(new KeyMissingError('not here')) },
  });
  await world.store.create(world.product(6n, 7n));
  await until('it is given up', async () => (await world.codes(id)).includes('KEY_MISSING'));
  await without.stop();
  await world.worker();
  await world.assertProved(id);
});

test('a statement without a job, as a crash after its request leaves it, is proved by a worker that starts', async () => {
  const { id } = world.product(6n, 7n);
  await world.store.create(world.product(6n, 7n));
  await world.store.queue.remove(id);
  await world.worker();
  await world.assertProved(id);
});

test('a statement asked for under a new key while it is proved under the old one ends with the new', async () => {
  const wanted = world.product(6n, 7n);
  await world.store.create({ ...wanted, keyHash: `0x${'ab'.repeat(32)}` });
  await world.store.begin(wanted.id, 10);
  assert.equal(await world.store.create(wanted), 'requeued');
  await world.worker();
  const record = await world.assertProved(wanted.id);
  assert.equal(record.keyHash, wanted.keyHash);
});
