// SPDX-License-Identifier: GPL-3.0-or-later
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry with the process's own figures; every metric carries the role. */
export function createMetrics(role: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ role });
  collectDefaultMetrics({ register: registry, prefix: 'phalanx_' });
  return registry;
}

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serve /metrics, /health (always 200) and /ready (503 until `isReady`) for a process without an HTTP service of its
 * own.
 * @param port 0 takes a free one
 */
export async function serveMetrics(
  registry: Registry,
  { host, port }: { readonly host: string; readonly port: number },
  isReady: () => boolean | Promise<boolean>,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    void answer(registry, isReady, request.url ?? '').then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(503).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function answer(
  registry: Registry,
  isReady: () => boolean | Promise<boolean>,
  path: string,
): Promise<{ status: number; type: string; body: string }> {
  if (path === '/metrics') return { status: 200, type: registry.contentType, body: await registry.metrics() };
  if (path === '/health') return { status: 200, type: 'text/plain', body: 'ok\n' };
  if (path === '/ready') {
    return (await isReady())
      ? { status: 200, type: 'text/plain', body: 'ready\n' }
      : { status: 503, type: 'text/plain', body: 'not ready\n' };
  }
  return { status: 404, type: 'text/plain', body: 'not found\n' };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
