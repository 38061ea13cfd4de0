// SPDX-License-Identifier: GPL-3.0-or-later
import type { Logger } from '../../runtime/log.ts';
import type { StatementStore } from '../../runtime/statement-store.ts';
import type { ApiMetrics } from '../operations/api-metrics.ts';
import type { Outbox } from './outbox.ts';

const PERIOD_MS = 5_000;

/** Old statements are looked for every so many rounds. */
const PRUNE_EVERY = 720;

/** Finishes what a dead process began: decisions without a statement, statements without a job. Several may run at once. */
export class Reconciler {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #rounds = 0;

  constructor(
    private readonly parts: {
      outbox: Outbox;
      statements: StatementStore;
      metrics: ApiMetrics;
      log: Logger;
      retentionMs: number;
      evidenceWindowMs: number;
    },
  ) {}

  /** Do a round now, and one every few seconds from then on. */
  async start(): Promise<void> {
    await this.#once();
    this.#timer = setInterval(() => {
      this.#round = this.#round.then(() => this.#once());
    }, PERIOD_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }

  async #once(): Promise<void> {
    const { outbox, statements, metrics, log } = this.parts;
    try {
      const failures = await outbox.settleAll();
      for (const { item, error } of failures) log.error({ err: error, item }, 'a statement could not be made yet');
      metrics.criticalError.set({ reason: 'outbox' }, failures.length > 0 ? 1 : 0);
      const added = await statements.reconcile();
      if (added > 0) log.warn({ added }, 'statements had lost their jobs');
      if (this.#rounds++ % PRUNE_EVERY === 0)
        await statements.prune(this.parts.retentionMs, this.parts.evidenceWindowMs);
    } catch (err) {
      log.error({ err }, 'reconciling failed; it is tried again');
    }
  }
}
