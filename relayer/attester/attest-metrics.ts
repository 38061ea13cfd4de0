// SPDX-License-Identifier: GPL-3.0-or-later
import { Counter, Gauge, type Registry } from 'prom-client';

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
    const registers = [registry];
    this.signed = new Counter({
      name: 'attestations_signed_total',
      help: 'Votes given out',
      labelNames: ['chain'],
      registers,
    });
    this.accepted = new Counter({
      name: 'attestations_accepted_total',
      help: 'Votes accepted, by every address of the API',
      registers,
    });
    this.refused = new Counter({
      name: 'attestations_refused_total',
      help: 'Votes not signed, by reason',
      labelNames: ['chain', 'code'],
      registers,
    });
    this.target = new Gauge({
      name: 'attested_height',
      help: 'Height of the latest vote',
      labelNames: ['chain'],
      registers,
    });
    this.quorum = new Gauge({
      name: 'quorum_height',
      help: 'Height of the latest quorum that was verified',
      labelNames: ['chain'],
      registers,
    });
    this.criticalError = new Counter({
      name: 'critical_error',
      help: 'Errors that need an operator',
      labelNames: ['chain', 'kind'],
      registers,
    });
    this.dissent = new Counter({
      name: 'rpc_dissent_total',
      help: 'Nodes that contradicted what enough others agreed on',
      labelNames: ['chain'],
      registers,
    });
  }
}
