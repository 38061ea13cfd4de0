// SPDX-License-Identifier: GPL-3.0-or-later
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Makes metrics in one registry. */
export class Meter {
  constructor(private readonly registry: Registry) {}

  counter<L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  gauge<L extends string>(name: string, help: string, ...labelNames: L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  histogram<L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    ...labelNames: L[]
  ): Histogram<L> {
    return new Histogram({ name, help, buckets: [...buckets], labelNames, registers: [this.registry] });
  }
}
