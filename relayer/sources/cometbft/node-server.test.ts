// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { serveNode } from './node-server.ts';

/** Status of a request with a target that `fetch` would not send. */
function statusOf(url: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });
}

test('a target that is no URL is answered with 400, and the server goes on', async (t) => {
  const server = await serveNode(({ method }) => ({ result: method }), { host: '127.0.0.1', port: 0 });
  t.after(() => server.close());
  for (const path of ['//', '///', '//a:b/status', 'http://[/']) {
    assert.equal(await statusOf(server.url, path), 400, path);
  }
  const answer = await fetch(`${server.url}/status?height=1`);
  assert.deepEqual(await answer.json(), { result: 'status' });
});
