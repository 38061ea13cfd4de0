// SPDX-License-Identifier: GPL-3.0-or-later
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status?: number;
  readonly body: unknown;
}

/** A verification API whose answers a test writes: path (without query) to reply, `undefined` is 404. */
export interface FakeApi {
  readonly url: string;
  /** answers to GET, by path */
  readonly replies: Map<string, Reply | ((query: URLSearchParams) => Reply | undefined)>;
  /** bodies that were posted and accepted, in order */
  readonly posted: { readonly path: string; readonly body: Record<string, unknown> }[];
  /** judges a post; default accepts all with 201 */
  onPost: (path: string, body: unknown) => Reply;
  close(): void;
}

export async function startFakeApi(): Promise<FakeApi> {
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      let reply: Reply | undefined;
      if (request.method === 'POST') {
        const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
        reply = api.onPost(pathname, body);
        if ((reply.status ?? 201) < 300) api.posted.push({ path: pathname, body });
      } else {
        const found = api.replies.get(decodeURIComponent(pathname));
        reply = typeof found === 'function' ? found(searchParams) : found;
      }
      const { status = 200, body } = reply ?? { status: 404, body: { code: 'NOT_FOUND', detail: pathname } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const api: FakeApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    replies: new Map(),
    posted: [],
    onPost: () => ({ status: 201, body: {} }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return api;
}
