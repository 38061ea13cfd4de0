// SPDX-License-Identifier: GPL-3.0-or-later
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** First part of every name of ours. */
const PREFIX = 'phalanx_';

/** Makes metrics in one registry: names as Prometheus asks for, all with the project's prefix. */
export class Meter {
  constructor(private readonly registry: Registry) {}

  counter<L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> {
    return new Counter({ name: PREFIX + name, help, labelNames, registers: [this.registry] });
  }

  gauge<L extends string>(name: string, help: string, ...labelNames: L[]): Gauge<L> {
    return new Gauge({ name: PREFIX + name, help, labelNames, registers: [this.registry] });
  }

  /** A figure that is read when it is scraped. */
  readGauge<L extends string>(
    name: string,
    help: string,
    read: (gauge: Gauge<L>) => Promise<void>,
    ...labelNames: L[]
  ): void {
    new Gauge({
      name: PREFIX + name,
      help,
      labelNames,
      registers: [this.registry],
      async collect() {
        await read(this);
      },
    });
  }

  histogram<L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    ...labelNames: L[]
  ): Histogram<L> {
    return new Histogram({ name: PREFIX + name, help, buckets: [...buckets], labelNames, registers: [this.registry] });
  }
}
