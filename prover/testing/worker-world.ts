// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { statementId, type StatementId } from '../../protocol/statement.ts';
import { startEmbeddedRedis, type EmbeddedRedis } from '../../runtime/embedded-redis.ts';
import { PROVE_QUEUE, proveJobId } from '../../runtime/keys.ts';
import { createLogger } from '../../runtime/log.ts';
import { connectWorker } from '../../runtime/redis.ts';
import type { NewStatement, StatementRecord } from '../../runtime/statement-record.ts';
import { StatementStore } from '../../runtime/statement-store.ts';
import type { Catalog } from '../catalog.ts';
import { startWorker, type WorkerRunning } from '../start-worker.ts';
import { verifyStrictly } from '../strict-verifier.ts';
import { chainInput, productInput, testCatalog } from './test-circuits.ts';

/** A Redis of its own, workers on it, and the statements that tests give them. */
export class WorkerWorld {
  readonly #running: WorkerRunning[] = [];
  readonly #processes: ChildProcess[] = [];

  private constructor(
    readonly catalog: Awaited<ReturnType<typeof testCatalog>>,
    readonly store: StatementStore,
    private readonly redis: Redis,
    private readonly dataDir: string,
    private server: EmbeddedRedis,
  ) {}

  static async open(): Promise<WorkerWorld> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'phalanx-worker-'));
    const catalog = await testCatalog();
    const server = await startEmbeddedRedis({ dataDir });
    const redis = await connectWorker({ url: server.url, password: undefined });
    return new WorkerWorld(catalog, new StatementStore(redis), redis, dataDir, server);
  }

  /** Ends the workers of a test and forgets its statements. */
  async reset(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((worker) => worker.stop()));
    for (const child of this.#processes.splice(0)) if (isAlive(child.pid)) child.kill('SIGKILL');
    await this.redis.flushall();
  }

  async close(): Promise<void> {
    await this.store.close();
    this.redis.disconnect();
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Redis is killed, and started again from its file. */
  async crashRedis(): Promise<void> {
    const socketPath = this.server.url.slice('unix://'.length);
    const killed = new Promise((resolve) => this.server.process.once('exit', resolve));
    this.server.process.kill('SIGKILL');
    await killed;
    this.server = await startEmbeddedRedis({ dataDir: this.dataDir, socketPath });
  }

  /** A worker in this process; its proving processes are real ones. */
  async worker(
    options: { timeoutMs?: number; drainMs?: number; concurrency?: number; keys?: Catalog } = {},
  ): Promise<WorkerRunning> {
    const { timeoutMs = 60_000, drainMs = 20_000, concurrency = 1, keys = this.catalog } = options;
    const started = await startWorker(
      {
        mode: 'development',
        home: '',
        logLevel: 'fatal',
        redis: { url: this.server.url, password: undefined },
        // The slower engine: a proof has a middle in which something can happen.
        worker: { concurrency, timeoutMs, engine: 'snarkjs' },
      },
      createLogger('worker', 'fatal'),
      keys,
      drainMs,
    );
    this.#running.push(started);
    return started;
  }

  /** A worker as a process of its own. */
  async workerProcess(drainMs = 20_000): Promise<{ child: ChildProcess; provingPid: number }> {
    const child = fork(path.join(import.meta.dirname, 'worker-process.ts'), [this.server.url, `${drainMs}`], {
      execArgv: ['--import', import.meta.resolve('tsx')],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#processes.push(child);
    const { childPids } = await new Promise<{ childPids: number[] }>((resolve, reject) => {
      child.once('message', (message) => resolve(message as { childPids: number[] }));
      child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
    });
    assert.ok(childPids[0]);
    return { child, provingPid: childPids[0] };
  }

  statement(circuit: 'test-product' | 'test-chain', inputs: Record<string, string>): NewStatement {
    const known = this.catalog.circuits.find(({ files }) => files.circuit === circuit);
    assert.ok(known);
    const publicSignals = this.catalog.prepare(circuit, inputs).publicSignals;
    return {
      id: statementId({ circuit, publicSignals }),
      kind: 'test',
      circuit,
      keyHash: known.keyHash,
      publicSignals: publicSignals.map(String),
      inputs,
      context: null,
    };
  }

  /** Proved in no time. */
  product(x: bigint, y: bigint): NewStatement {
    return this.statement('test-product', productInput(x, y));
  }

  /** Takes long enough to prove for something to happen meanwhile. */
  chain(start: bigint): NewStatement {
    return this.statement('test-chain', chainInput(start));
  }

  ended(id: StatementId): Promise<StatementRecord> {
    return until(`${id} ends`, async () => {
      const record = await this.store.get(id);
      return record && record.state !== 'queued' && record.state !== 'proving' && record;
    });
  }

  /** The proving process is at work on it. */
  inMidProof(id: StatementId): Promise<StatementRecord> {
    return until(`${id} is being proved`, async () => {
      const record = await this.store.get(id);
      return record?.phase === 'prove' && record;
    });
  }

  begunAgain(id: StatementId, timeoutMs: number): Promise<boolean> {
    return until(`${id} is begun again`, async () => ((await this.store.get(id))?.attempts ?? 0) === 2, timeoutMs);
  }

  jobGone(id: StatementId): Promise<boolean> {
    const key = `${PROVE_QUEUE.prefix}:${PROVE_QUEUE.name}:${proveJobId(id)}`;
    return until(`the job of ${id} is gone`, async () => (await this.redis.exists(key)) === 0);
  }

  /** It ends proved, by a proof that holds, and its job goes. */
  async assertProved(id: StatementId): Promise<StatementRecord> {
    const record = await this.ended(id);
    assert.equal(record.state, 'proved', JSON.stringify(record.failure));
    const proved = await this.store.proof(id);
    const circuit = this.catalog.circuits.find(({ files }) => files.circuit === record.circuit);
    assert.ok(proved && circuit);
    assert.deepEqual(proved.publicSignals, record.publicSignals);
    const verdict = await verifyStrictly(circuit.verificationKey, proved.publicSignals, proved.proof);
    assert.deepEqual(verdict, { valid: true });
    await this.jobGone(id);
    return record;
  }

  /** Codes of the attempts that were given up. */
  async codes(id: StatementId): Promise<string[]> {
    return (await this.store.events(id)).flatMap(({ code }) => code ?? []);
  }
}

/** @throws Error that says `what` did not come about */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 120_000,
): Promise<T> {
  for (const from = Date.now(); Date.now() - from < timeoutMs; await sleep(20)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`);
}

export function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}
