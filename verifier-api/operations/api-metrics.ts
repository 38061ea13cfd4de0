// SPDX-License-Identifier: GPL-3.0-or-later
import type { Counter, Gauge, Registry } from 'prom-client';
import { STATEMENT_STATES } from '../../runtime/keys.ts';
import { Meter } from '../../runtime/meter.ts';
import type { StatementStore } from '../../runtime/statement-store.ts';
import type { Outbox } from '../intake/outbox.ts';
import type { DuplicateVoteStore } from '../store/duplicate-vote-store.ts';
import type { HeaderUpdateStore } from '../store/header-update-store.ts';

export interface ApiMetrics {
  readonly attestations: Counter<'outcome'>;
  readonly conflicts: Counter<'conflict'>;
  /** the label is the followed chain */
  readonly duplicateVotes: Counter<'chain'>;
  /** 1 while something needs a person */
  readonly criticalError: Gauge<'reason'>;
}

export interface MetricSources {
  readonly statements: StatementStore;
  readonly outbox: Outbox;
  readonly headerUpdates: HeaderUpdateStore;
  readonly duplicateVotes: DuplicateVoteStore;
}

/** The service's own figures; those of the store are read when they are scraped. */
export function apiMetrics(registry: Registry, sources: MetricSources): ApiMetrics {
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
  meter.readGauge(
    'cometbft_backlog_size',
    'Header updates and duplicate votes of followed chains that are not yet proved',
    async (gauge) => {
      const { headerUpdates, duplicateVotes } = sources;
      gauge.set({ what: 'header-updates' }, await headerUpdates.openCount());
      gauge.set({ what: 'duplicate-votes' }, await duplicateVotes.openCount());
    },
    'what',
  );
  return {
    attestations: meter.counter('attestations_total', 'Valid attestations', 'outcome'),
    conflicts: meter.counter('conflicts_total', 'Offences noticed here first', 'conflict'),
    duplicateVotes: meter.counter('duplicate_votes_total', 'Offences on followed chains, reported here first', 'chain'),
    criticalError: meter.gauge('critical_error', '1 while something needs a person', 'reason'),
  };
}
