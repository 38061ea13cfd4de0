// SPDX-License-Identifier: GPL-3.0-or-later
import type { Counter, Histogram, Registry } from 'prom-client';
import { Meter } from '../../runtime/meter.ts';

export interface HttpMetrics {
  readonly requests: Counter<'method' | 'route' | 'status'>;
  readonly seconds: Histogram<'method' | 'route'>;
}

export function httpMetrics(registry: Registry): HttpMetrics {
  const meter = new Meter(registry);
  return {
    requests: meter.counter('http_requests_total', 'Requests answered', 'method', 'route', 'status'),
    seconds: meter.histogram(
      'http_request_seconds',
      'From the first byte read to the last written',
      [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
      'method',
      'route',
    ),
  };
}
