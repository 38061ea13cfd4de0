// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { isAlive, until, WorkerWorld } from './testing/worker-world.ts';

/* Proving processes, workers and Redis killed, hung or told to stop in mid-proof: nothing accepted is lost. */
let world: WorkerWorld;
before(async () => {
  world = await WorkerWorld.open();
});
afterEach(() => world.reset());
after(() => world.close());

test('tries again in a new process when the proving process is killed in mid-proof', async () => {
  const { id } = world.chain(3n);
  const started = await world.worker();
  await world.store.create(world.chain(3n));
  await world.inMidProof(id);
  const [pid] = started.worker.childPids;
  assert.ok(pid);
  process.kill(pid, 'SIGKILL');
  const record = await world.assertProved(id);
  assert.equal(record.attempts, 2);
  assert.deepEqual(await world.codes(id), ['CHILD_DIED']);
  assert.notEqual(started.worker.childPids[0], pid);
});

test('kills a proving process that hangs, after the hard limit, and tries again', async () => {
  const { id } = world.chain(4n);
  // The second attempt has the same limit: time enough for a proof on this machine, as busy as it is.
  const unhurried = await world.worker();
  const from = Date.now();
  await world.store.create(world.chain(10n));
  await world.assertProved(world.chain(10n).id);
  const timeoutMs = 3_000 + 3 * (Date.now() - from);
  await unhurried.stop();
  const started = await world.worker({ timeoutMs });
  await world.store.create(world.chain(4n));
  await world.inMidProof(id);
  const [pid] = started.worker.childPids;
  assert.ok(pid);
  process.kill(pid, 'SIGSTOP');
  const record = await world.assertProved(id);
  assert.equal(record.attempts, 2);
  assert.deepEqual(await world.codes(id), ['PROVING_TIMEOUT']);
  assert.equal(isAlive(pid), false);
});

test('stops proving a statement that is superseded, and stores nothing', async () => {
  const { id } = world.chain(5n);
  const started = await world.worker();
  await world.store.create(world.chain(5n));
  await world.inMidProof(id);
  const [pid] = started.worker.childPids;
  await world.store.supersede(id, 'epoch 2');
  await until('the proving process has ended', () => !isAlive(pid), 5_000);
  await world.jobGone(id);
  assert.equal((await world.store.get(id))?.state, 'superseded');
  assert.equal(await world.store.proof(id), undefined);
});

test('a worker killed in mid-proof leaves its statement to another, and no process behind', async (t) => {
  const { id } = world.chain(6n);
  const { child, provingPid } = await world.workerProcess();
  await world.store.create(world.chain(6n));
  await world.inMidProof(id);
  await world.worker();
  child.kill('SIGKILL');
  const from = Date.now();
  await world.begunAgain(id, 20_000);
  t.diagnostic(`begun again after ${Date.now() - from} ms`);
  await world.assertProved(id);
  await until('the orphan has ended', () => !isAlive(provingPid), 10_000);
});

test('a worker told to stop finishes the proof under way, takes no other, and ends with 0', async () => {
  const { child } = await world.workerProcess();
  await world.store.create(world.chain(7n));
  await world.inMidProof(world.chain(7n).id);
  await world.store.create(world.product(6n, 7n));
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  assert.equal(await exit, 0);
  assert.equal((await world.store.get(world.chain(7n).id))?.state, 'proved');
  assert.equal((await world.store.get(world.product(6n, 7n).id))?.state, 'queued');
});

test('a worker told to stop hands back what it cannot finish in time', async () => {
  const { id } = world.chain(8n);
  const { child, provingPid } = await world.workerProcess(0);
  await world.store.create(world.chain(8n));
  await world.inMidProof(id);
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  assert.equal(await exit, 0);
  assert.equal(isAlive(provingPid), false);
  assert.equal((await world.store.get(id))?.state, 'queued');
  await world.worker();
  // Without waiting for the lock of the one that is gone to expire, which takes 6 s.
  await world.begunAgain(id, 4_000);
  await world.assertProved(id);
});

test('Redis killed in mid-proof and restarted from its file loses nothing', async () => {
  await world.worker();
  await world.store.create(world.chain(9n));
  for (let i = 2n; i < 6n; i++) await world.store.create(world.product(i, 11n));
  await world.inMidProof(world.chain(9n).id);
  await world.crashRedis();
  await world.assertProved(world.chain(9n).id);
  for (let i = 2n; i < 6n; i++) await world.assertProved(world.product(i, 11n).id);
});
