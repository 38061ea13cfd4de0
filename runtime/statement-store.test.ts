// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Redis } from 'ioredis';
import type { StatementId } from '../protocol/statement.ts';
import { PROVE_QUEUE, proveJobId, statementKeys } from './keys.ts';
import type { StatementStore } from './statement-store.ts';
import { hash, KEY, proved, statement, StoreUnderTest } from './testing/store-under-test.ts';

let under: StoreUnderTest;
let redis: Redis;
let store: StatementStore;

before(async () => {
  under = await StoreUnderTest.open();
  ({ redis, store } = under);
});
beforeEach(async () => {
  await redis.flushall();
});
after(() => under.close());

const jobKey = (id: StatementId): string => `${PROVE_QUEUE.prefix}:${PROVE_QUEUE.name}:${proveJobId(id)}`;

test('a created statement is queued, has one job without its inputs, and is read back whole', async () => {
  const wanted = statement(1);
  assert.equal(await store.create(wanted), 'created');
  const record = await store.get(wanted.id);
  assert.equal(record?.state, 'queued');
  assert.deepEqual(record?.publicSignals, ['1', '2']);
  assert.deepEqual(record?.context, { chain: 'eip155:1' });
  assert.equal(record?.createdAtMs, under.clockMs);
  assert.deepEqual(await store.inputs(wanted.id), { secret: 1 });
  const job = await redis.hgetall(jobKey(wanted.id));
  assert.deepEqual(JSON.parse(job['data'] ?? ''), { statementId: wanted.id, circuit: 'quorum-16', keyHash: KEY });
});

test('creating twice, also at once, makes one statement and one job', async () => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.create(statement(1))));
  assert.equal(outcomes.filter((outcome) => outcome === 'created').length, 1);
  assert.equal(outcomes.filter((outcome) => outcome === 'exists').length, 19);
  assert.equal((await store.queue.counts())['prioritized'], 1);
});

test('a statement whose request died before the job was added gets it by reconciling, once', async () => {
  const { id } = statement(1);
  await store.create(statement(1));
  await store.queue.remove(id);
  assert.equal(await redis.exists(jobKey(id)), 0);
  assert.equal(await store.reconcile(), 1);
  assert.equal(await redis.exists(jobKey(id)), 1);
  assert.equal(await store.reconcile(), 0);
});

test('a proving statement without a job gets one, a finished one does not', async () => {
  await store.create(statement(1));
  await store.create(statement(2));
  await under.begin(statement(1).id);
  await store.finish(statement(2).id, proved());
  await store.queue.remove(statement(1).id);
  await store.queue.remove(statement(2).id);
  assert.equal(await store.reconcile(), 1);
  assert.equal(await redis.exists(jobKey(statement(1).id)), 1);
});

test('the same request again adds a job that is missing', async () => {
  await store.create(statement(1));
  await store.queue.remove(statement(1).id);
  assert.equal(await store.create(statement(1)), 'exists');
  assert.equal(await redis.exists(jobKey(statement(1).id)), 1);
});

test('a proof is stored once and outlives the inputs; a second attempt changes nothing', async () => {
  const { id } = statement(1);
  await store.create(statement(1));
  await under.begin(id);
  assert.equal(await store.finish(id, proved()), 'proved');
  const before = await redis.hgetall(statementKeys.statement(id));
  assert.equal(await store.finish(id, { ...proved(), publicSignals: ['9'] }), 'already');
  assert.deepEqual(await redis.hgetall(statementKeys.statement(id)), before);
  assert.deepEqual(await store.proof(id), proved());
  assert.equal(await store.inputs(id), undefined);
  assert.equal(await store.begin(id, 10), 'proved');
});

test('an attempt that was given up no longer counts: its progress, failure and release are refused', async () => {
  const { id } = statement(1);
  await store.create(statement(1));
  const first = await under.begin(id);
  const second = await under.begin(id);
  assert.equal(second, first + 1);
  assert.equal(await store.isCurrent(id, first), false);
  assert.equal(await store.isCurrent(id, second), true);
  assert.equal(await store.progress(id, first, 'prove', 0.5), false);
  assert.equal(await store.fail(id, first, { code: 'X', message: 'x' }), false);
  assert.equal(await store.release(id, first, { code: 'X', message: 'x' }), false);
  assert.equal((await store.get(id))?.state, 'proving');
  assert.equal(await store.finish(id, proved()), 'proved', 'but its valid proof is welcome');
});

test('a released attempt is queued again and says why', async () => {
  const { id } = statement(1);
  await store.create(statement(1));
  const attempt = await under.begin(id);
  assert.equal(await store.progress(id, attempt, 'prove', 0.25), true);
  assert.deepEqual((await store.get(id))?.phase, 'prove');
  assert.equal(await store.release(id, attempt, { code: 'CHILD_DIED', message: 'killed' }), true);
  const record = await store.get(id);
  assert.equal(record?.state, 'queued');
  assert.equal(record?.phase, undefined);
  assert.deepEqual(record?.failure, { code: 'CHILD_DIED', message: 'killed' });
});

test('a statement begun too often fails instead of going round for ever', async () => {
  const { id } = statement(1);
  await store.create(statement(1));
  assert.equal(await store.begin(id, 2), 1);
  assert.equal(await store.begin(id, 2), 2);
  assert.equal(await store.begin(id, 2), 'failed');
  assert.equal((await store.get(id))?.failure?.code, 'ATTEMPTS_EXHAUSTED');
});

test('a failed statement is tried again with the inputs of a new request', async () => {
  const { id } = statement(1);
  await store.create(statement(1));
  await store.fail(id, await under.begin(id), { code: 'WITNESS_UNSATISFIABLE', message: 'line 3' });
  assert.equal((await store.get(id))?.state, 'failed');
  await store.queue.remove(id);
  assert.equal(await store.create(statement(1, { inputs: { secret: 'right' } })), 'requeued');
  const record = await store.get(id);
  assert.equal(record?.state, 'queued');
  assert.equal(record?.failure, undefined);
  assert.deepEqual(await store.inputs(id), { secret: 'right' });
  assert.equal(await redis.exists(jobKey(id)), 1);
});

test('an attempt from before a new request is told from those after it, and does not count against their bound', async () => {
  const { id } = statement(1);
  await store.create(statement(1));
  const before = await under.begin(id);
  await store.create(statement(1, { keyHash: hash(0xbbbb) }));
  assert.equal(await store.isCurrent(id, before), false);
  const next = await store.begin(id, 1);
  assert.equal(typeof next, 'number');
  assert.notEqual(next, before);
  assert.equal(await store.fail(id, before, { code: 'X', message: 'x' }), false);
});

test('a new key proves the statement again, and a proof by the old one is refused meanwhile', async () => {
  const { id } = statement(1);
  const newKey = hash(0xbbbb);
  await store.create(statement(1));
  await store.finish(id, proved());
  assert.equal(await store.create(statement(1, { keyHash: newKey })), 'requeued');
  assert.equal(await store.proof(id), undefined);
  assert.equal(await store.finish(id, proved()), 'stale');
  assert.equal(await store.finish(id, proved(newKey)), 'proved');
});

test('a superseded statement keeps its proof, loses its job and is not proved again', async () => {
  await store.create(statement(1));
  await store.create(statement(2));
  await store.finish(statement(1).id, proved());
  for (const n of [1, 2]) assert.equal(await store.supersede(statement(n).id, 'epoch 2'), true);
  assert.equal(await store.supersede(statement(1).id, 'epoch 2'), false);
  assert.deepEqual(await store.proof(statement(1).id), proved());
  assert.equal(await redis.exists(jobKey(statement(2).id)), 0);
  assert.equal(await store.begin(statement(2).id, 10), 'superseded');
  assert.equal(await store.finish(statement(2).id, proved()), 'superseded');
  assert.equal(await store.create(statement(2)), 'exists');
  assert.equal(await redis.exists(jobKey(statement(2).id)), 0);
});

test('the feed of proved statements rises in the order of proving and misses none', async () => {
  for (const n of [1, 2, 3, 4, 5]) await store.create(statement(n, n === 4 ? { kind: 'equivocation' } : {}));
  for (const n of [3, 1, 4, 5]) await store.finish(statement(n).id, proved());
  const first = await store.list({ state: 'proved', after: 0, limit: 2 });
  assert.deepEqual(
    first.statements.map(({ id }) => id),
    [hash(3), hash(1)],
  );
  await store.finish(statement(2).id, proved());
  const rest = await store.list({ state: 'proved', after: first.after, limit: 10 });
  assert.deepEqual(
    rest.statements.map(({ id }) => id),
    [hash(4), hash(5), hash(2)],
  );
  const end = await store.list({ state: 'proved', after: rest.after, limit: 10 });
  assert.deepEqual(end, { statements: [], after: rest.after });
  const kind = await store.list({ state: 'proved', kind: 'equivocation', after: 0, limit: 10 });
  assert.deepEqual(
    kind.statements.map(({ id }) => id),
    [hash(4)],
  );
  const all = await store.list({ after: 0, limit: 10 });
  assert.deepEqual(
    all.statements.map(({ id }) => id),
    [1, 2, 3, 4, 5].map(hash),
  );
  assert.deepEqual(await store.counts(), { queued: 0, proving: 0, proved: 5, failed: 0, superseded: 0 });
});

test('finished statements go after the retention, open ones never, and it is not shorter than the evidence window', async () => {
  for (const n of [1, 2, 3]) await store.create(statement(n));
  await store.finish(statement(1).id, proved());
  under.clockMs += 5_000;
  await store.finish(statement(2).id, proved());
  under.clockMs += 5_000;
  await assert.rejects(store.prune(999, 1_000), { code: 'INVALID_FIELD' });
  assert.equal(await store.prune(7_000, 7_000), 1);
  assert.equal(await store.get(statement(1).id), undefined);
  assert.equal(await redis.exists(statementKeys.events(statement(1).id)), 0);
  assert.equal((await store.list({ after: 0, limit: 10 })).statements.length, 2);
  under.clockMs += 1_000_000;
  assert.equal(await store.prune(7_000, 7_000), 1);
  assert.equal((await store.get(statement(3).id))?.state, 'queued');
});
