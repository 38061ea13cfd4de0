// SPDX-License-Identifier: GPL-3.0-or-later
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Hex } from '../protocol/bytes.ts';
import type { StatementId } from '../protocol/statement.ts';
import { PROVE_QUEUE, proveJobId } from './keys.ts';

/** All that a job carries. Witness and key stay out of it: the prover reads the statement by its id. */
export interface ProveJob {
  readonly statementId: StatementId;
  readonly circuit: string;
  readonly keyHash: Hex;
}

export interface QueuedStatement {
  readonly id: StatementId;
  readonly circuit: string;
  readonly keyHash: Hex;
  readonly urgent: boolean;
}

/** Attempts that a job has before its last error stands, and the first pause between them; each next one is doubled. */
const RETRY = { attempts: 6, firstDelayMs: 500 } as const;

/** BullMQ serves jobs without a priority first, then by rising number. */
const ORDINARY_PRIORITY = 10;

/** The jobs of statements: one a statement at most, gone when finished. What must last lies in the statement. */
export class StatementQueue {
  readonly #queue: Queue<ProveJob>;

  constructor(private readonly redis: Redis) {
    this.#queue = new Queue<ProveJob>(PROVE_QUEUE.name, { connection: redis, prefix: PROVE_QUEUE.prefix });
    // Without a listener Node ends the process on a lost connection; callers see their own command fail.
    this.#queue.on('error', () => undefined);
  }

  /** Nothing happens where the statement has a job already. */
  async add(statement: QueuedStatement): Promise<void> {
    await this.#queue.add(
      'prove',
      { statementId: statement.id, circuit: statement.circuit, keyHash: statement.keyHash },
      {
        jobId: proveJobId(statement.id),
        attempts: RETRY.attempts,
        backoff: { type: 'exponential', delay: RETRY.firstDelayMs, jitter: 0.2 },
        removeOnComplete: true,
        removeOnFail: true,
        ...(statement.urgent ? {} : { priority: ORDINARY_PRIORITY }),
      },
    );
  }

  /** Remove a job that nobody works on. An active one stays: its worker learns from the statement's state. */
  async remove(id: StatementId): Promise<void> {
    await this.#queue.remove(proveJobId(id));
  }

  /** Of these statements, those without a job that waits, runs or will be tried again. */
  async withoutJob(ids: readonly StatementId[]): Promise<StatementId[]> {
    if (ids.length === 0) return [];
    const pipeline = this.redis.pipeline();
    // BullMQ adds and removes jobs atomically and ours leave no finished ones behind, so a hash is a live job.
    for (const id of ids) pipeline.exists(`${PROVE_QUEUE.prefix}:${PROVE_QUEUE.name}:${proveJobId(id)}`);
    const replies = (await pipeline.exec()) ?? [];
    return ids.filter((_, i) => {
      const [error, exists] = replies[i] ?? [];
      if (error) throw error;
      return exists === 0;
    });
  }

  /** Jobs by BullMQ's state, for metrics. */
  async counts(): Promise<Record<string, number>> {
    return await this.#queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed');
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}
