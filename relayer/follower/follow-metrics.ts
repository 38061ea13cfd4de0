// SPDX-License-Identifier: GPL-3.0-or-later
import type { Counter, Gauge, Registry } from 'prom-client';
import { Meter } from '../../runtime/meter.ts';

/** Figures of one follower; the label `chain` is the followed one. */
export class FollowMetrics {
  readonly acceptedHeight: Gauge<'chain'>;
  readonly acceptedTime: Gauge<'chain'>;
  readonly nodeHeight: Gauge<'chain'>;
  readonly posted: Counter<'chain'>;
  readonly evidencePosted: Counter<'chain'>;
  readonly evidenceWaiting: Gauge<'chain'>;
  readonly nodeFailures: Counter<'chain' | 'node'>;
  readonly dissent: Counter<'chain'>;
  readonly criticalError: Counter<'chain' | 'kind'>;

  constructor(registry: Registry) {
    const meter = new Meter(registry);
    this.acceptedHeight = meter.gauge('followed_height', 'Height of the latest accepted header', 'chain');
    this.acceptedTime = meter.gauge('followed_time_seconds', 'Time of that header, Unix', 'chain');
    this.nodeHeight = meter.gauge('followed_node_height', "Highest height of the chain's nodes", 'chain');
    this.posted = meter.counter('headers_posted_total', 'Headers that the API accepted from here', 'chain');
    this.evidencePosted = meter.counter('evidence_posted_total', 'Duplicate votes that the API accepted', 'chain');
    this.evidenceWaiting = meter.gauge('evidence_waiting', 'Duplicate votes not yet checked or proved', 'chain');
    this.nodeFailures = meter.counter('node_failures_total', 'Answers of a node that were of no use', 'chain', 'node');
    this.dissent = meter.counter('rpc_dissent_total', 'Nodes that contradicted an accepted header', 'chain');
    this.criticalError = meter.counter('critical_errors_total', 'Errors that need an operator', 'chain', 'kind');
  }
}
