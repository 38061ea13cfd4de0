// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { startEmbeddedRedis } from '../runtime/embedded-redis.ts';
import { runPhalanx } from './testing/run-phalanx.ts';

test('a role that fails in the middle of its start ends, and says why', { timeout: 60_000 }, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'phalanx-role-'));
  const redis = await startEmbeddedRedis({ dataDir: dir });
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    taken.close();
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const zeros = (bytes: number) => `0x${'00'.repeat(bytes)}`;
  const file = join(dir, 'phalanx.yaml');
  const contracts = { ledger: zeros(20), stateReader: zeros(20), coalition: zeros(20) };
  const chain = { id: 'eip155:31337', genesisHash: zeros(32), rpcs: ['http://127.0.0.1:1'], interval: 64, contracts };
  writeFileSync(
    file,
    stringify({
      home: '.',
      redis: { url: redis.url },
      coalition: { hub: chain.id, trustingPeriodSeconds: 60, evidenceWindowSeconds: 60 },
      chains: [chain],
      worker: { metrics: { port: (taken.address() as AddressInfo).port } },
    }),
  );
  const { code, stderr } = await runPhalanx('worker', '--config', file);
  assert.equal(code, 1);
  assert.match(stderr, /EADDRINUSE/);
});
