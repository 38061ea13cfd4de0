// SPDX-License-Identifier: GPL-3.0-or-later
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { StatementStore } from '../runtime/statement-store.ts';

/** Figures of one worker, and of the queue that all workers share. */
export class ProverMetrics {
  readonly #seconds: Histogram<'circuit'>;
  readonly #failures: Counter<'circuit' | 'code'>;

  constructor(registry: Registry, store: StatementStore) {
    const registers = [registry];
    this.#seconds = new Histogram({
      name: 'phalanx_proof_seconds',
      help: 'time from taking a statement to storing its verified proof',
      labelNames: ['circuit'],
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250],
      registers,
    });
    this.#failures = new Counter({
      name: 'phalanx_proof_failures_total',
      help: 'attempts that ended without a proof, by code',
      labelNames: ['circuit', 'code'],
      registers,
    });
    new Gauge({
      name: 'phalanx_statements',
      help: 'statements in Redis, by state',
      labelNames: ['state'],
      registers,
      async collect() {
        for (const [state, count] of Object.entries(await store.counts())) this.set({ state }, count);
      },
    });
  }

  proved(circuit: string, seconds: number): void {
    this.#seconds.observe({ circuit }, seconds);
  }

  failed(circuit: string, code: string): void {
    this.#failures.inc({ circuit, code });
  }
}
