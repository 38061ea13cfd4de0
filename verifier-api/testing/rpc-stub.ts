// SPDX-License-Identifier: GPL-3.0-or-later
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one JSON-RPC method; undefined makes the node fail. */
export type RpcAnswer = (params: readonly unknown[]) => unknown;

/** A node that says what a test tells it to. */
export interface RpcStub {
  readonly url: string;
  readonly answers: Map<string, RpcAnswer>;
  close(): void;
}

export async function startRpcStub(): Promise<RpcStub> {
  const answers = new Map<string, RpcAnswer>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { id, method, params } = JSON.parse(text) as { id: number; method: string; params: unknown[] };
      const answer = answers.get(method)?.(params);
      const outcome =
        answer instanceof Error ? revert(answer) : answer === undefined ? missing(method) : { result: answer };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, ...outcome }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An answer that is an Error reverts, its message being the data. */
function revert({ message }: Error): object {
  return { error: { code: 3, message: 'execution reverted', data: message } };
}

function missing(method: string): object {
  return { error: { code: -32601, message: `${method} is not answered` } };
}
