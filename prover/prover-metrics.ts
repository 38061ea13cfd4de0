// SPDX-License-Identifier: GPL-3.0-or-later
import type { Counter, Histogram, Registry } from 'prom-client';
import { Meter } from '../runtime/meter.ts';
import type { StatementStore } from '../runtime/statement-store.ts';
import type { EngineInfo } from './engine.ts';

/** Figures of one worker, and of the queue that all workers share. */
export class ProverMetrics {
  readonly #seconds: Histogram<'circuit'>;
  readonly #failures: Counter<'circuit' | 'code'>;
  readonly #meter: Meter;

  constructor(registry: Registry, store: StatementStore) {
    const meter = new Meter(registry);
    this.#meter = meter;
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

  /** @param memoryBytes asked at each scrape: what the proving processes' keys and buffers take */
  engine({ name, path, threads }: EngineInfo, memoryBytes: () => number): void {
    this.#meter
      .gauge(
        'proving_engine',
        'One, for the engine that proves, its instruction set and its threads',
        'engine',
        'path',
        'threads',
      )
      .set({ engine: name, path: path ?? '', threads }, 1);
    this.#meter.readGauge(
      'proving_memory_bytes',
      'Memory of proving keys and buffers, as the engine counted it after the last proof',
      async (gauge) => gauge.set(memoryBytes()),
    );
  }

  proved(circuit: string, seconds: number): void {
    this.#seconds.observe({ circuit }, seconds);
  }

  failed(circuit: string, code: string): void {
    this.#failures.inc({ circuit, code });
  }
}
