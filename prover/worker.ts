// SPDX-License-Identifier: GPL-3.0-or-later
import { UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { PhalanxError } from '../protocol/errors.ts';
import { PROVE_QUEUE } from '../runtime/keys.ts';
import type { Logger } from '../runtime/log.ts';
import type { ProveJob } from '../runtime/prove-job.ts';
import type { StatementRecord } from '../runtime/statement-record.ts';
import type { StatementStore } from '../runtime/statement-store.ts';
import { attemptProof } from './attempt.ts';
import type { Catalog } from './catalog.ts';
import { ProvingCancelledError } from './errors.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { ProvingChild } from './proving-child.ts';
import type { EngineOptions } from './select-engine.ts';
import type { ProverMetrics } from './prover-metrics.ts';

export interface ProverWorkerOptions {
  /** waits for Redis instead of failing (`maxRetriesPerRequest: null`), as BullMQ asks of workers */
  readonly redis: Redis;
  readonly store: StatementStore;
  readonly catalog: Catalog;
  readonly log: Logger;
  readonly metrics: ProverMetrics;
  readonly engine: EngineOptions;
  /** proofs at a time, each in a process of its own */
  readonly concurrency: number;
  /** hard limit of one proof */
  readonly timeoutMs: number;
}

/** Begun so often without an end, a statement fails: it may be what brings the workers down. */
const MAX_BEGUN = 20;

/**
 * A worker's lock on its job, and how often workers look for jobs without one. The worker's own loop is idle while its
 * child proves, so a lock that is not renewed means a dead worker: its job goes on elsewhere within about 8 s.
 */
const LOCK_MS = 6_000;
const STALLED_CHECK_MS = 2_000;

/** How often an attempt looks whether it still counts. */
const CURRENT_CHECK_MS = 1_000;

/** Statements without a job are looked for this often, besides at start. */
const RECONCILE_MS = 15_000;

/** Takes statements from the queue, proves them in processes of its own, stores verified proofs. */
export class ProverWorker {
  readonly #worker: Worker<ProveJob>;
  readonly #idle: ProvingChild[];
  readonly #children: readonly ProvingChild[];
  readonly #stopping = new AbortController();
  #reconciling: NodeJS.Timeout | undefined;

  constructor(private readonly options: ProverWorkerOptions) {
    this.#children = Array.from({ length: options.concurrency }, () => new ProvingChild(options.engine));
    this.#idle = [...this.#children];
    this.#worker = new Worker<ProveJob>(PROVE_QUEUE.name, (job, token) => this.#process(job, token), {
      connection: options.redis,
      prefix: PROVE_QUEUE.prefix,
      autorun: false,
      concurrency: options.concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      // Our own bound (MAX_BEGUN) stands in the statement, where the requester sees it.
      maxStalledCount: 10 * MAX_BEGUN,
      runRetryDelay: 1_000,
    });
    this.#worker.on('error', (err) => options.log.warn({ err }, 'queue'));
  }

  /** Start the proving processes, then take jobs. @throws EngineUnavailableError, ChildDiedError */
  async start(): Promise<void> {
    const { log, store, metrics } = this.options;
    const [engine] = await Promise.all(this.#children.map((child) => child.start()));
    log.info({ engine, concurrency: this.#children.length }, 'proving engine');
    if (engine) metrics.engine(engine, () => this.#children.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0));
    const reconcile = async (): Promise<void> => {
      const added = await store.reconcile();
      if (added > 0) log.warn({ added }, 'statements had lost their jobs');
    };
    await reconcile();
    this.#reconciling = setInterval(() => {
      reconcile().catch((err: unknown) => log.warn({ err }, 'cannot look for lost jobs'));
    }, RECONCILE_MS);
    this.#worker.run().catch((err: unknown) => log.error({ err }, 'the worker has stopped'));
    await this.#worker.waitUntilReady();
  }

  /** Is it taking jobs, with Redis at hand? */
  get ready(): boolean {
    return this.#worker.isRunning() && this.options.redis.status === 'ready' && !this.#stopping.signal.aborted;
  }

  /** Process ids of the proving processes. */
  get childPids(): number[] {
    return this.#children.flatMap(({ pid }) => pid ?? []);
  }

  /** Take no more jobs, give those under way `drainMs`, hand the rest back to the queue, end the processes. */
  async stop(drainMs: number): Promise<void> {
    clearInterval(this.#reconciling);
    const cut = setTimeout(() => this.#stopping.abort(new ProvingCancelledError('the worker stops')), drainMs);
    // `close` waits for the jobs under way, however long they take.
    await this.#worker.close();
    clearTimeout(cut);
    await Promise.all(this.#children.map((child) => child.stop()));
  }

  async #process(job: Job<ProveJob>, token: string | undefined): Promise<void> {
    const { store, log } = this.options;
    const id = job.data.statementId;
    const attempt = await store.begin(id, MAX_BEGUN);
    if (typeof attempt !== 'number') {
      log.info({ statement: id, state: attempt }, 'nothing to prove');
      return;
    }
    const record = await store.get(id);
    if (!record) return;
    const child = this.#idle.pop();
    if (!child) throw new Error('BullMQ runs more jobs at once than its concurrency');
    const from = performance.now();
    log.info({ statement: id, circuit: record.circuit, attempt }, 'proving');
    try {
      await this.#prove(record, attempt, child);
      const seconds = (performance.now() - from) / 1_000;
      this.options.metrics.proved(record.circuit, seconds);
      log.info({ statement: id, circuit: record.circuit, attempt, seconds }, 'proved');
    } catch (error) {
      await this.#giveUp(record, attempt, error, job, token);
    } finally {
      this.#idle.push(child);
    }
  }

  async #prove(record: StatementRecord, attempt: number, child: ProvingChild): Promise<void> {
    const { store, catalog, timeoutMs } = this.options;
    const moved = new AbortController();
    const cancel = (): void => moved.abort(new ProvingCancelledError('the statement has moved on'));
    const progress = new ProgressReporter(store, record.id, attempt, cancel);
    const checking = setInterval(() => {
      // While Redis is away nothing is known: go on.
      store.isCurrent(record.id, attempt).then(
        (current) => !current && cancel(),
        () => undefined,
      );
    }, CURRENT_CHECK_MS);
    try {
      const inputs = await store.inputs(record.id);
      if (inputs === undefined) throw new ProvingCancelledError('the statement has ended');
      const proved = await attemptProof(record, inputs, catalog, child, {
        timeoutMs,
        signal: AbortSignal.any([moved.signal, this.#stopping.signal]),
        onProgress: (phase, fraction) => progress.report(phase, fraction),
      });
      await progress.settled();
      const outcome = await store.finish(record.id, proved);
      if (outcome !== 'proved' && outcome !== 'already') throw new ProvingCancelledError(`the statement is ${outcome}`);
    } finally {
      clearInterval(checking);
      await progress.settled();
    }
  }

  /** Say in the statement what became of the attempt, then tell BullMQ by the kind of error thrown. */
  async #giveUp(
    { id, circuit }: StatementRecord,
    attempt: number,
    error: unknown,
    job: Job<ProveJob>,
    token: string | undefined,
  ): Promise<void> {
    const { store, log, metrics } = this.options;
    const message = error instanceof Error ? error.message : String(error);
    const { code, retryable } = error instanceof PhalanxError ? error : { code: 'INTERNAL', retryable: true };
    metrics.failed(circuit, code);
    log.warn({ statement: id, circuit, attempt, code, err: error }, 'not proved');
    if (!retryable) {
      await store.fail(id, attempt, { code, message });
      throw new UnrecoverableError(`${code}: ${message}`);
    }
    const stopping = this.#stopping.signal.aborted;
    const last = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    if (last && !stopping && !(error instanceof ProvingCancelledError)) {
      await store.fail(id, attempt, { code, message });
      throw new UnrecoverableError(`${code}: ${message}`);
    }
    await store.release(id, attempt, { code, message });
    if (stopping) {
      // Handed back: not counted as a try, and free for other workers at once.
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const now = await store.get(id);
    const open = now?.state === 'queued' || now?.state === 'proving';
    if (open) throw error instanceof Error ? error : new Error(message);
  }
}
