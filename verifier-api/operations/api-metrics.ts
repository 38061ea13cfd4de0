// SPDX-License-Identifier: GPL-3.0-or-later
import { Counter, Gauge, type Registry } from 'prom-client';
import { STATEMENT_STATES } from '../../runtime/keys.ts';
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
  const registers = [registry];
  new Gauge({
    name: 'statements',
    help: 'Statements by state',
    labelNames: ['state'],
    registers,
    async collect() {
      const counts = await sources.statements.counts();
      for (const state of STATEMENT_STATES) this.set({ state }, counts[state]);
    },
  });
  new Gauge({
    name: 'backlog_size',
    help: 'Statements that wait for a prover or are being proved, and decisions that are not yet statements',
    registers,
    async collect() {
      const [{ queued, proving }, undecided] = await Promise.all([sources.statements.counts(), sources.outbox.size()]);
      this.set(queued + proving + undecided);
    },
  });
  return {
    attestations: new Counter({
      name: 'attestations_total',
      help: 'Valid attestations',
      labelNames: ['outcome'],
      registers,
    }),
    conflicts: new Counter({
      name: 'conflicts_total',
      help: 'Offences noticed here first',
      labelNames: ['conflict'],
      registers,
    }),
    criticalError: new Gauge({
      name: 'critical_error',
      help: '1 while something needs a person',
      labelNames: ['reason'],
      registers,
    }),
  };
}
