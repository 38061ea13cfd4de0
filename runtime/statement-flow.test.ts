// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Hex } from '../protocol/bytes.ts';
import type { StatementId } from '../protocol/statement.ts';
import { startEmbeddedRedis, type EmbeddedRedis } from './embedded-redis.ts';
import { FlowWorker } from './flow-worker.ts';
import { FLOW_QUEUE, flowJobId, PROVE_QUEUE, proveJobId } from './keys.ts';
import { createLogger } from './log.ts';
import type { ProveJob, QueuedStatement } from './prove-job.ts';
import { connectProducer, connectWorker } from './redis.ts';
import { StatementFlow } from './statement-flow.ts';
import { StatementQueue } from './statement-queue.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'phalanx-flow-'));
const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`;
const statement = (n: number, urgent = false): QueuedStatement => ({
  id: hash(n) as StatementId,
  circuit: 'quorum-16',
  keyHash: hash(0xaaaa),
  urgent,
});
const FLOW = hash(0xf1);
const OTHER = hash(0xf2);

let server: EmbeddedRedis;
let redis: Redis;
let patient: Redis;
let queue: StatementQueue;
let flows: StatementFlow;
let ended: FlowWorker;
let prover: Worker<ProveJob> | undefined;
let begun: StatementId[];
let told: Hex[];

before(async () => {
  server = await startEmbeddedRedis({ dataDir });
  const config = { url: server.url, password: undefined };
  [redis, patient] = [await connectProducer(config), await connectWorker(config)];
});
beforeEach(async () => {
  await redis.flushall();
  [begun, told] = [[], []];
  [queue, flows] = [new StatementQueue(redis), new StatementFlow(redis)];
  ended = new FlowWorker(patient, async (id) => void told.push(id), createLogger('api', 'silent'));
});
afterEach(async () => {
  await prover?.close();
  prover = undefined;
  await ended.close();
  await Promise.all([queue.close(), flows.close()]);
});
after(async () => {
  redis.disconnect();
  patient.disconnect();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Takes statements' jobs, one at a time. @param work what a prover does with one; ends it when it returns */
function startProver(work: (id: StatementId) => Promise<void> = async () => undefined): void {
  prover = new Worker<ProveJob>(
    PROVE_QUEUE.name,
    async ({ data }) => {
      begun.push(data.statementId);
      await work(data.statementId);
    },
    { connection: patient, prefix: PROVE_QUEUE.prefix },
  );
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`not within five seconds: ${what}`);
}

const keyOf = (queueName: string, jobId: string): string => `${PROVE_QUEUE.prefix}:${queueName}:${jobId}`;
const hasFlow = async (id: Hex): Promise<boolean> => (await redis.exists(keyOf(FLOW_QUEUE.name, flowJobId(id)))) === 1;
const idsOf = (...numbers: number[]): string[] => numbers.map((n) => hash(n));

test('a flow is told once all its statements have ended, and leaves nothing in the queues', async () => {
  assert.equal(
    await flows.add(
      FLOW,
      [1, 2, 3].map((n) => statement(n)),
    ),
    true,
  );
  startProver(async () => assert.deepEqual(told, []));
  await until('told', () => told.length > 0);
  assert.deepEqual([...begun].sort(), idsOf(1, 2, 3));
  await until('gone', async () => !(await hasFlow(FLOW)));
  assert.deepEqual(told, [FLOW]);
  assert.deepEqual(await queue.withoutJob([1, 2, 3].map((n) => statement(n).id)), idsOf(1, 2, 3));
});

test('a statement that fails for good does not strand what waits for it', async () => {
  await flows.add(
    FLOW,
    [1, 2].map((n) => statement(n)),
  );
  startProver(async (id) => {
    if (id === hash(1)) throw new UnrecoverableError('no such witness');
  });
  await until('told', () => told.length > 0);
  assert.deepEqual([...begun].sort(), idsOf(1, 2));
});

test('jobs that statements have already are waited for, also one that is being proved', async () => {
  await queue.add(statement(1, true));
  await queue.add(statement(2));
  let finish: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (finish = resolve));
  startProver((id) => (id === hash(1) ? held : Promise.resolve()));
  await until('active', () => begun.length === 1);
  assert.equal(
    await flows.add(
      FLOW,
      [1, 2].map((n) => statement(n)),
    ),
    true,
  );
  assert.deepEqual(told, []);
  finish();
  await until('told', () => told.length > 0);
  assert.deepEqual(begun, idsOf(1, 2));
});

test('a statement that two flows want is proved once; the second waits for the rest of its own', async () => {
  await flows.add(
    FLOW,
    [1, 2].map((n) => statement(n)),
  );
  assert.equal(
    await flows.add(
      OTHER,
      [2, 3].map((n) => statement(n)),
    ),
    true,
  );
  assert.equal(await flows.add(hash(0xf3), [statement(1)]), false);
  startProver();
  await until('told', () => told.length === 2);
  assert.deepEqual([...begun].sort(), idsOf(1, 2, 3));
  assert.deepEqual([...told].sort(), [FLOW, OTHER]);
});

test('asked again, a flow tells once, and waits for statements whose jobs were lost', async () => {
  const statements = [1, 2].map((n) => statement(n));
  await flows.add(FLOW, statements);
  await redis.del(keyOf(PROVE_QUEUE.name, proveJobId(statement(1).id)));
  await redis.zrem(keyOf(PROVE_QUEUE.name, 'prioritized'), proveJobId(statement(1).id));
  await flows.add(FLOW, statements);
  await flows.add(FLOW, statements);
  startProver();
  await until('told', () => told.length > 0);
  assert.deepEqual([...begun].sort(), idsOf(1, 2));
  await until('gone', async () => !(await hasFlow(FLOW)));
  assert.deepEqual(told, [FLOW]);
});

test('a statement whose job is taken away does not strand its flow', async () => {
  await flows.add(
    FLOW,
    [1, 2].map((n) => statement(n)),
  );
  await queue.remove(statement(1).id);
  startProver();
  await until('told', () => told.length > 0);
  assert.deepEqual(begun, idsOf(2));
});

test('a flow that is removed leaves its statements to the provers and to the next flow', async () => {
  await flows.add(
    FLOW,
    [1, 2].map((n) => statement(n)),
  );
  await flows.remove(FLOW);
  assert.equal(await hasFlow(FLOW), false);
  assert.equal(await flows.add(OTHER, [statement(1)]), true);
  startProver();
  await until('told', () => told.length > 0);
  await until('proved', () => begun.length === 2);
  assert.deepEqual(told, [OTHER]);
});
