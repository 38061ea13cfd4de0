// SPDX-License-Identifier: GPL-3.0-or-later
import { createServer, type AddressInfo, type Server } from 'node:net';

/**
 * Ports on the loopback interface that were free a moment ago, all different.
 * @param preferred the first of them, where they are free
 */
export async function freePorts(count: number, preferred: readonly number[] = []): Promise<number[]> {
  const wanted = Array.from({ length: count }, (_, i) => preferred[i] ?? 0);
  const servers = await Promise.all(wanted.map((port) => listen(port).catch(() => listen(0))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}
