// SPDX-License-Identifier: GPL-3.0-or-later
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a service, and can shut it off. */
export interface Gate {
  readonly url: string;
  isOpen: boolean;
  /** bodies that were posted through it, by path and in order */
  readonly posted: { readonly path: string; readonly body: Record<string, unknown> }[];
  close(): void;
}

export async function startGate(target: string): Promise<Gate> {
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const body = Buffer.concat(parts);
      const { method = 'GET', url: path = '/' } = request;
      if (!gate.isOpen) return response.destroy();
      if (method === 'POST')
        gate.posted.push({
          path: decodeURIComponent(path),
          body: JSON.parse(body.toString()) as Record<string, unknown>,
        });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${target}${path}`, method === 'POST' ? { method, body, headers } : { method });
      return response.writeHead(answer.status, headers).end(await answer.text());
    })().catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const gate: Gate = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isOpen: true,
    posted: [],
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return gate;
}
