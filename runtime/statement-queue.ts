// SPDX-License-Identifier: GPL-3.0-or-later
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { StatementId } from '../protocol/statement.ts';
import { PROVE_QUEUE, proveJobId } from './keys.ts';
import { proveJob, type ProveJob, type QueuedStatement } from './prove-job.ts';

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
    const { name, data, opts } = proveJob(statement);
    await this.#queue.add(name, data, opts);
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
