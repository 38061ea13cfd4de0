// SPDX-License-Identifier: GPL-3.0-or-later
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type RpcCall = { readonly id: number; readonly method: string; readonly params: readonly unknown[] };

export interface RpcProxy {
  readonly url: string;
  /** called before a request is passed on; `false` drops it without an answer */
  before: (call: RpcCall) => boolean | Promise<boolean>;
  /** called after the node answered, before the answer is passed back; `false` drops it */
  after: (call: RpcCall) => boolean | Promise<boolean>;
  close(): void;
}

/** A proxy before a node that can stop calls on either way. */
export async function startRpcProxy(target: string): Promise<RpcProxy> {
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const body = Buffer.concat(parts);
      const call = JSON.parse(body.toString()) as RpcCall;
      if (!(await proxy.before(call))) return response.destroy();
      const answer = await fetch(target, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      const text = await answer.text();
      if (!(await proxy.after(call))) return response.destroy();
      response.setHeader('content-type', 'application/json');
      return response.end(text);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const proxy: RpcProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    before: () => true,
    after: () => true,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return proxy;
}
