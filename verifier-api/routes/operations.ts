// SPDX-License-Identifier: GPL-3.0-or-later
import { jsonRoute, streamRoute, type Route } from '../http/route.ts';
import { readiness } from '../operations/readiness.ts';
import { healthSchema, readinessSchema } from '../schemas/operations.ts';
import type { Services } from '../services.ts';

export function operationRoutes(services: Services): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/health',
      tag: 'Operations',
      summary: 'Whether the process runs',
      reply: healthSchema,
      statuses: { 200: 'It does.' },
      handler: async () => ({ status: 200, body: { status: 'ok' as const } }),
    }),
    jsonRoute({
      method: 'get',
      path: '/ready',
      tag: 'Operations',
      summary: 'Whether it can do its work: Redis, its settings, keys',
      reply: readinessSchema,
      statuses: { 200: 'It can.', 503: 'It cannot; `checks` says why.' },
      handler: async () => {
        const checks = await readiness(services);
        const ready = checks.every(({ ok }) => ok);
        return { status: ready ? 200 : 503, body: { ready, checks } };
      },
    }),
    streamRoute({
      method: 'get',
      path: '/metrics',
      tag: 'Operations',
      summary: 'Figures for Prometheus',
      replies: { 200: { description: 'Prometheus text format.', mediaType: 'text/plain' } },
      handler: async (_, response) => {
        response.set('Content-Type', services.registry.contentType).send(await services.registry.metrics());
      },
    }),
  ];
}
