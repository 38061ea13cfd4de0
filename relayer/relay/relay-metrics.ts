// SPDX-License-Identifier: GPL-3.0-or-later
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600];

/** Figures of one relayer; the label `chain` is the destination. */
export class RelayMetrics {
  readonly backlogSize: Gauge<'chain'>;
  readonly backlogOldestHeight: Gauge<'chain'>;
  readonly submittedSeconds: Histogram<'chain'>;
  readonly confirmedSeconds: Histogram<'chain'>;
  readonly transactions: Counter<'chain' | 'outcome'>;
  readonly gasUsed: Counter<'chain'>;
  readonly settledWithoutTx: Counter<'chain' | 'outcome'>;
  readonly walletBalance: Gauge<'chain'>;
  readonly criticalError: Counter<'chain' | 'kind'>;
  readonly halted: Gauge<'chain'>;

  constructor(registry: Registry) {
    const registers = [registry];
    const labelNames = ['chain'] as const;
    this.backlogSize = new Gauge({
      name: 'backlog_size',
      help: 'Statements still to be relayed',
      labelNames,
      registers,
    });
    this.backlogOldestHeight = new Gauge({
      name: 'backlog_oldest_height',
      help: 'Checkpoint height of the oldest of them',
      labelNames,
      registers,
    });
    this.submittedSeconds = new Histogram({
      name: 'tx_latency_submitted_seconds',
      help: 'From proof to transaction',
      labelNames,
      buckets: SECONDS,
      registers,
    });
    this.confirmedSeconds = new Histogram({
      name: 'tx_latency_confirmed_seconds',
      help: 'From transaction to confirmation',
      labelNames,
      buckets: SECONDS,
      registers,
    });
    this.transactions = new Counter({
      name: 'transactions_total',
      help: 'Transactions that ended, by outcome',
      labelNames: ['chain', 'outcome'],
      registers,
    });
    this.gasUsed = new Counter({ name: 'gas_used_total', help: 'Gas paid for', labelNames, registers });
    this.settledWithoutTx = new Counter({
      name: 'settled_without_tx_total',
      help: 'Statements that needed no transaction, by reason',
      labelNames: ['chain', 'outcome'],
      registers,
    });
    this.walletBalance = new Gauge({
      name: 'wallet_balance',
      help: 'Balance of the paying account, in whole coins',
      labelNames,
      registers,
    });
    this.criticalError = new Counter({
      name: 'critical_error',
      help: 'Errors that need an operator',
      labelNames: ['chain', 'kind'],
      registers,
    });
    this.halted = new Gauge({
      name: 'relaying_halted',
      help: '1 while relaying to the chain is stopped',
      labelNames,
      registers,
    });
  }
}
