// SPDX-License-Identifier: GPL-3.0-or-later
import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Hex } from '../protocol/bytes.ts';
import { FLOW_QUEUE } from './keys.ts';
import type { Logger } from './log.ts';
import type { FlowJob } from './statement-flow.ts';

/** Runs the parents of flows: tells their owner that the statements a flow waited for have ended, at least once. */
export class FlowWorker {
  readonly #worker: Worker<FlowJob>;

  /**
   * @param redis waits for Redis instead of failing (`connectWorker`), as BullMQ asks of workers
   * @param ended an error has it called again, a few times
   */
  constructor(redis: Redis, ended: (flowId: Hex) => Promise<void>, log: Logger) {
    this.#worker = new Worker<FlowJob>(FLOW_QUEUE.name, (job) => ended(job.data.flowId), {
      connection: redis,
      prefix: FLOW_QUEUE.prefix,
      runRetryDelay: 1_000,
    });
    this.#worker.on('error', (err) => log.warn({ err }, 'queue of flows'));
    this.#worker.on('failed', (job, err) => log.warn({ err, flow: job?.data.flowId }, 'the end of a flow'));
  }

  /** Finish what runs. */
  async close(): Promise<void> {
    await this.#worker.close();
  }
}
