// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics, serveMetrics } from './metrics.ts';

test('serves metrics with the role, health, and readiness that follows the process', async () => {
  let ready = false;
  const server = await serveMetrics(createMetrics('worker'), { host: '127.0.0.1', port: 0 }, () => ready);
  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${server.port}${path}`);
  try {
    assert.match(await (await get('/metrics')).text(), /^phalanx_process_cpu_seconds_total\{role="worker"\} \d/m);
    assert.equal((await get('/health')).status, 200);
    assert.equal((await get('/ready')).status, 503);
    ready = true;
    assert.equal((await get('/ready')).status, 200);
    assert.equal((await get('/other')).status, 404);
  } finally {
    await server.close();
  }
});
