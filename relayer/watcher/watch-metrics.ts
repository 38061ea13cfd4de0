// SPDX-License-Identifier: GPL-3.0-or-later
import type { Counter, Gauge, Registry } from 'prom-client';
import { Meter } from '../../runtime/meter.ts';

/** Figures of one watcher; `chain` is the ledger's chain, `source` the chain that a checkpoint is of. */
export class WatchMetrics {
  readonly scannedHeight: Gauge<'chain'>;
  readonly epoch: Gauge;
  readonly unpublished: Gauge;
  readonly head: Gauge<'chain' | 'source'>;
  readonly frozen: Gauge<'chain' | 'source'>;
  readonly conflicts: Counter<'chain' | 'source'>;
  readonly disagreements: Gauge<'chain' | 'source'>;
  readonly criticalError: Counter<'chain' | 'kind'>;

  constructor(registry: Registry) {
    const meter = new Meter(registry);
    this.scannedHeight = meter.gauge('scanned_height', 'Block up to which events were read', 'chain');
    this.epoch = meter.gauge('sealed_epoch', 'Latest epoch rebuilt');
    this.unpublished = meter.gauge('unpublished_sets', 'Sets that the API has not accepted yet');
    this.head = meter.gauge('ledger_head_height', 'Height of the latest checkpoint held', 'chain', 'source');
    this.frozen = meter.gauge('ledger_frozen', '1 while the ledger has frozen the source', 'chain', 'source');
    this.conflicts = meter.counter(
      'ledger_conflicts_total',
      'Conflicting checkpoints shown to the ledger',
      'chain',
      'source',
    );
    this.disagreements = meter.gauge(
      'ledger_disagreements',
      "Checkpoints held that are not the source chain's blocks",
      'chain',
      'source',
    );
    this.criticalError = meter.counter('critical_errors_total', 'Errors that need an operator', 'chain', 'kind');
  }
}
