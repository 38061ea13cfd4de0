// SPDX-License-Identifier: GPL-3.0-or-later
import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Meter } from '../../runtime/meter.ts';

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
    const meter = new Meter(registry);
    this.backlogSize = meter.gauge('backlog_size', 'Statements still to be relayed', 'chain');
    this.backlogOldestHeight = meter.gauge('backlog_oldest_height', 'Checkpoint height of the oldest of them', 'chain');
    this.submittedSeconds = meter.histogram(
      'tx_latency_submitted_seconds',
      'From proof to transaction',
      SECONDS,
      'chain',
    );
    this.confirmedSeconds = meter.histogram(
      'tx_latency_confirmed_seconds',
      'From transaction to confirmation',
      SECONDS,
      'chain',
    );
    this.transactions = meter.counter('transactions_total', 'Transactions that ended, by outcome', 'chain', 'outcome');
    this.gasUsed = meter.counter('gas_used_total', 'Gas paid for', 'chain');
    this.settledWithoutTx = meter.counter(
      'settled_without_tx_total',
      'Statements that needed no transaction, by reason',
      'chain',
      'outcome',
    );
    this.walletBalance = meter.gauge('wallet_balance', 'Balance of the paying account, in whole coins', 'chain');
    this.criticalError = meter.counter('critical_errors_total', 'Errors that need an operator', 'chain', 'kind');
    this.halted = meter.gauge('relaying_halted', '1 while relaying to the chain is stopped', 'chain');
  }
}
