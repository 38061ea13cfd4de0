// SPDX-License-Identifier: GPL-3.0-or-later
import type { StatementId } from '../protocol/statement.ts';
import type { ProvingPhase } from '../runtime/statement-record.ts';
import type { StatementStore } from '../runtime/statement-store.ts';

/**
 * Writes an attempt's progress in order, one write at a time; between two writes the latest fraction of a phase counts.
 */
export class ProgressReporter {
  readonly #waiting = new Map<ProvingPhase, number>();
  #writing: Promise<void> | undefined;

  /** @param onMoved called when the store says that this attempt no longer counts */
  constructor(
    private readonly store: StatementStore,
    private readonly id: StatementId,
    private readonly attempt: number,
    private readonly onMoved: () => void,
  ) {}

  report(phase: ProvingPhase, fraction: number): void {
    this.#waiting.set(phase, fraction);
    this.#writing ??= this.#write();
  }

  /** Everything reported is written, or cannot be. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      for (;;) {
        const [next] = this.#waiting;
        if (!next) return;
        const [phase, fraction] = next;
        this.#waiting.delete(phase);
        if (!(await this.store.progress(this.id, this.attempt, phase, fraction))) this.onMoved();
      }
    } catch {
      // Progress is for onlookers: a lost report harms nobody, and the proof's own write will say if Redis is away.
    } finally {
      this.#writing = undefined;
    }
  }
}
