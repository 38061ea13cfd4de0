// SPDX-License-Identifier: GPL-3.0-or-later
import type { Logger } from '../../runtime/log.ts';
import type { StatementStore } from '../../runtime/statement-store.ts';
import type { ApiMetrics } from '../operations/api-metrics.ts';
import type { ConflictFinder } from './conflict-finder.ts';
import type { BundleSettler } from './bundle-settler.ts';
import type { Outbox } from './outbox.ts';
import { endOvertaken, type OvertakenParts } from './overtaken.ts';

const PERIOD_MS = 5_000;

/** Old statements are looked for every so many rounds. */
const PRUNE_EVERY = 720;

export interface ReconcilerParts extends OvertakenParts {
  readonly outbox: Outbox;
  readonly settlers: readonly BundleSettler[];
  readonly statements: StatementStore;
  readonly conflicts: ConflictFinder;
  readonly metrics: ApiMetrics;
  readonly log: Logger;
  /** how long finished statements stay */
  readonly retentionMs: number;
  readonly evidenceWindowMs: number;
  /** forgets what else is kept no longer */
  readonly prune: (retentionMs: number) => Promise<void>;
}

/** Finishes what a dead process began and notices what no request brings. Several may run at once. */
export class Reconciler {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #rounds = 0;

  constructor(private readonly parts: ReconcilerParts) {}

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
    const { outbox, settlers, statements, conflicts, metrics, log, retentionMs, evidenceWindowMs } = this.parts;
    await this.#step('statements that are due', async () => {
      const failures = await outbox.settleAll();
      for (const { item, error } of failures) log.error({ err: error, item }, 'a statement could not be made yet');
      metrics.criticalError.set({ reason: 'outbox' }, failures.length > 0 ? 1 : 0);
    });
    await this.#step('jobs that are missing', async () => {
      const added = await statements.reconcile();
      if (added > 0) log.warn({ added }, 'statements had lost their jobs');
    });
    for (const settler of settlers) {
      await this.#step(settler.what, async () => {
        const failures = await settler.settleAll();
        for (const { id, error } of failures)
          log.error({ err: error, id, what: settler.what }, 'it does not go on yet');
      });
    }
    await this.#step('overtaken statements', async () => {
      const ended = await endOvertaken(this.parts);
      if (ended > 0) log.info({ ended }, 'statements were overtaken by a rotation');
    });
    await this.#step('conflicting quorums', async () => {
      if ((await conflicts.find()) === 0) return;
      metrics.criticalError.set({ reason: 'quorum_conflict' }, 1);
      log.fatal('two quorums contradict each other');
    });
    if (this.#rounds++ % PRUNE_EVERY === 0) {
      await this.#step('old statements', async () => {
        await statements.prune(retentionMs, evidenceWindowMs);
        await this.parts.prune(retentionMs);
      });
    }
  }

  /** One step's failure keeps none of the others back. */
  async #step(what: string, take: () => Promise<void>): Promise<void> {
    try {
      await take();
    } catch (err) {
      this.parts.log.error({ err, what }, 'reconciling failed; it is tried again');
    }
  }
}
