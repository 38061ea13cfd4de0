// SPDX-License-Identifier: GPL-3.0-or-later
import type { Counter, Histogram, Registry } from 'prom-client';
import { Meter } from '../runtime/meter.ts';
import type { StatementStore } from '../runtime/statement-store.ts';

/** Figures of one worker, and of the queue that all workers share. */
export class ProverMetrics {
  readonly #seconds: Histogram<'circuit'>;
  readonly #failures: Counter<'circuit' | 'code'>;

  constructor(registry: Registry, store: StatementStore) {
    const meter = new Meter(registry);
    this.#seconds = meter.histogram(
      'proof_seconds',
      'From taking a statement to storing its verified proof',
      [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250],
      'circuit',
    );
    this.#failures = meter.counter(
      'proof_failures_total',
      'Attempts that ended without a proof, by code',
      'circuit',
      'code',
    );
    meter.readGauge(
      'statements',
      'Statements by state',
      async (gauge) => {
        for (const [state, count] of Object.entries(await store.counts())) gauge.set({ state }, count);
      },
      'state',
    );
  }

  proved(circuit: string, seconds: number): void {
    this.#seconds.observe({ circuit }, seconds);
  }

  failed(circuit: string, code: string): void {
    this.#failures.inc({ circuit, code });
  }
}
