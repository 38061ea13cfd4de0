// SPDX-License-Identifier: GPL-3.0-or-later
import type { Counter, Gauge, Registry } from 'prom-client';
import { STATEMENT_STATES } from '../../runtime/keys.ts';
import { Meter } from '../../runtime/meter.ts';
import type { StatementStore } from '../../runtime/statement-store.ts';
import type { Outbox } from '../intake/outbox.ts';

export interface ApiMetrics {
  readonly attestations: Counter<'outcome'>;
  readonly conflicts: Counter<'conflict'>;
  /** 1 while something needs a person */
  readonly criticalError: Gauge<'reason'>;
}

/** The service's own figures; those of the store are read when they are scraped. */
export function apiMetrics(registry: Registry, sources: { statements: StatementStore; outbox: Outbox }): ApiMetrics {
  const meter = new Meter(registry);
  meter.readGauge(
    'statements',
    'Statements by state',
    async (gauge) => {
      const counts = await sources.statements.counts();
      for (const state of STATEMENT_STATES) gauge.set({ state }, counts[state]);
    },
    'state',
  );
  meter.readGauge(
    'backlog_size',
    'Statements that wait for a prover or are being proved, and decisions that are not yet statements',
    async (gauge) => {
      const [{ queued, proving }, undecided] = await Promise.all([sources.statements.counts(), sources.outbox.size()]);
      gauge.set(queued + proving + undecided);
    },
  );
  return {
    attestations: meter.counter('attestations_total', 'Valid attestations', 'outcome'),
    conflicts: meter.counter('conflicts_total', 'Offences noticed here first', 'conflict'),
    criticalError: meter.gauge('critical_error', '1 while something needs a person', 'reason'),
  };
}
