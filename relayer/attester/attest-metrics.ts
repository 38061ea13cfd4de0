// SPDX-License-Identifier: GPL-3.0-or-later
import type { Counter, Gauge, Registry } from 'prom-client';
import { Meter } from '../../runtime/meter.ts';

/** Figures of one attester; the label `chain` is the source. */
export class AttestMetrics {
  readonly signed: Counter<'chain'>;
  readonly accepted: Counter;
  readonly refused: Counter<'chain' | 'code'>;
  readonly target: Gauge<'chain'>;
  readonly quorum: Gauge<'chain'>;
  readonly criticalError: Counter<'chain' | 'kind'>;
  readonly dissent: Counter<'chain'>;

  constructor(registry: Registry) {
    const meter = new Meter(registry);
    this.signed = meter.counter('attestations_signed_total', 'Votes given out', 'chain');
    this.accepted = meter.counter('attestations_accepted_total', 'Votes accepted, by every address of the API');
    this.refused = meter.counter('attestations_refused_total', 'Votes not signed, by reason', 'chain', 'code');
    this.target = meter.gauge('attested_height', 'Height of the latest vote', 'chain');
    this.quorum = meter.gauge('quorum_height', 'Height of the latest quorum that was verified', 'chain');
    this.criticalError = meter.counter('critical_errors_total', 'Errors that need an operator', 'chain', 'kind');
    this.dissent = meter.counter('rpc_dissent_total', 'Nodes that contradicted what enough others agreed on', 'chain');
  }
}
