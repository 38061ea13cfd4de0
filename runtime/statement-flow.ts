// SPDX-License-Identifier: GPL-3.0-or-later
import { FlowProducer, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Hex } from '../protocol/bytes.ts';
import { FLOW_QUEUE, flowJobId, PROVE_QUEUE, proveJobId } from './keys.ts';
import { proveJob, type QueuedStatement } from './prove-job.ts';

/** All that the job of a flow carries. */
export interface FlowJob {
  readonly flowId: Hex;
}

/** Attempts of a flow's own job, whose work is a few writes. What is left then, the reconciler of its owner does. */
const RETRY = { attempts: 5, firstDelayMs: 200 } as const;

/**
 * Lets something wait for several statements: a BullMQ flow whose children are the statements' own jobs and whose
 * parent runs, in a `FlowWorker`, once all of them have ended, failed ones too. It only saves asking again and again:
 * what the statements have come to stands in their store, and the owner of the flow looks there.
 */
export class StatementFlow {
  readonly #producer: FlowProducer;
  readonly #parents: Queue<FlowJob>;

  constructor(private readonly redis: Redis) {
    this.#producer = new FlowProducer({ connection: redis, prefix: FLOW_QUEUE.prefix });
    this.#parents = new Queue<FlowJob>(FLOW_QUEUE.name, { connection: redis, prefix: FLOW_QUEUE.prefix });
    // Without a listener Node ends the process on a lost connection; callers see their own command fail.
    this.#producer.on('error', () => undefined);
    this.#parents.on('error', () => undefined);
  }

  /**
   * Wait for these statements. Asked again, it adds what is missing. A statement has one job and BullMQ knows one
   * parent of a job: those that another flow waits for already are left to it, and the owner of both looks after each.
   * @param statements open ones
   * @returns whether the flow waits for any of them
   */
  async add(id: Hex, statements: readonly QueuedStatement[]): Promise<boolean> {
    const owners = await this.#parentsOf(statements);
    const ours = `${FLOW_QUEUE.prefix}:${FLOW_QUEUE.name}:${flowJobId(id)}`;
    const children = statements.filter((_, i) => owners[i] === undefined || owners[i] === ours);
    if (children.length === 0) return false;
    await this.#producer.add({
      name: 'flow',
      queueName: FLOW_QUEUE.name,
      data: { flowId: id } satisfies FlowJob,
      opts: {
        jobId: flowJobId(id),
        attempts: RETRY.attempts,
        backoff: { type: 'exponential', delay: RETRY.firstDelayMs },
        removeOnComplete: true,
        removeOnFail: true,
      },
      children: children.map((statement) => {
        const { name, data, opts } = proveJob(statement);
        // Else a child that fails would leave its parent waiting for ever.
        return { name, data, queueName: PROVE_QUEUE.name, opts: { ...opts, ignoreDependencyOnFailure: true } };
      }),
    });
    return true;
  }

  /** Its owner has seen the end of it. The statements go on: others may want them. */
  async remove(id: Hex): Promise<void> {
    // One that runs stays: its worker removes it.
    await this.#parents.remove(flowJobId(id), { removeChildren: false });
  }

  /** Ends the producers' own work; the connection stays the caller's. */
  async close(): Promise<void> {
    await Promise.all([this.#producer.close(), this.#parents.close()]);
  }

  /** Keys of the jobs that wait for these statements' jobs; undefined where none that still is. */
  async #parentsOf(statements: readonly QueuedStatement[]): Promise<(string | undefined)[]> {
    return Promise.all(
      statements.map(async ({ id }) => {
        const job = `${PROVE_QUEUE.prefix}:${PROVE_QUEUE.name}:${proveJobId(id)}`;
        const parent = await this.redis.hget(job, 'parentKey');
        return parent !== null && (await this.redis.exists(parent)) === 1 ? parent : undefined;
      }),
    );
  }
}
