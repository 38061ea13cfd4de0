// SPDX-License-Identifier: GPL-3.0-or-later
import { Counter, Gauge, type Registry } from 'prom-client';

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
    const registers = [registry];
    this.scannedHeight = new Gauge({
      name: 'scanned_height',
      help: 'Block up to which events were read',
      labelNames: ['chain'],
      registers,
    });
    this.epoch = new Gauge({ name: 'sealed_epoch', help: 'Latest epoch rebuilt', registers });
    this.unpublished = new Gauge({
      name: 'unpublished_sets',
      help: 'Sets that the API has not accepted yet',
      registers,
    });
    this.head = new Gauge({
      name: 'ledger_head_height',
      help: 'Height of the latest checkpoint held',
      labelNames: ['chain', 'source'],
      registers,
    });
    this.frozen = new Gauge({
      name: 'ledger_frozen',
      help: '1 while the ledger has frozen the source',
      labelNames: ['chain', 'source'],
      registers,
    });
    this.conflicts = new Counter({
      name: 'ledger_conflicts_total',
      help: 'Conflicting checkpoints shown to the ledger',
      labelNames: ['chain', 'source'],
      registers,
    });
    this.disagreements = new Gauge({
      name: 'ledger_disagreements',
      help: "Checkpoints held that are not the source chain's blocks",
      labelNames: ['chain', 'source'],
      registers,
    });
    this.criticalError = new Counter({
      name: 'critical_error',
      help: 'Errors that need an operator',
      labelNames: ['chain', 'kind'],
      registers,
    });
  }
}
