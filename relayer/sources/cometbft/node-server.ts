// SPDX-License-Identifier: GPL-3.0-or-later
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a node sees it. */
export interface RpcCall {
  /** without the leading slash */
  readonly method: string;
  readonly params: URLSearchParams;
}

export interface NodeServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serve answers as a CometBFT node's RPC does: by HTTP, a JSON-RPC error with a status of 500.
 * A target that is no URL is answered with 400.
 * @param answer gives JSON; text is sent as it is, a number is a status without a body; where it throws the status is
 *   500
 * @param port 0 takes a free one
 */
export async function serveNode(
  answer: (call: RpcCall) => unknown,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<NodeServer> {
  const server = createServer((request, response) => {
    // A path that begins with two slashes is read as a host, and may be none.
    const target = request.url ?? '/';
    if (!URL.canParse(target, 'http://localhost')) return void response.writeHead(400).end();
    const { pathname, searchParams: params } = new URL(target, 'http://localhost');
    let given: unknown;
    try {
      given = answer({ method: pathname.slice(1), params });
    } catch {
      given = 500;
    }
    if (typeof given === 'number') return void response.writeHead(given).end();
    const failed = typeof given === 'object' && given !== null && 'error' in given;
    response.writeHead(failed ? 500 : 200, { 'content-type': 'application/json' });
    response.end(typeof given === 'string' ? given : JSON.stringify(given));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { address, family, port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
