// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePorts } from '../../cli/system/free-port.ts';
import { FollowWorld } from './follow-world.ts';

test('a trusted state past its period is said aloud, and nothing is posted', async (t) => {
  const world = await FollowWorld.open({ trustingPeriodSeconds: 86_400 });
  t.after(() => world.close());
  world.add(11n);
  const [port = 0] = await freePorts(1);
  await world.start({ metricsPort: port });
  await world.said('past its trusting period');
  await new Promise((done) => setTimeout(done, 500));
  assert.equal(world.lines.filter((line) => line.includes('past its trusting period')).length, 1);
  assert.deepEqual(world.posted, []);
  assert.equal((await fetch(`http://127.0.0.1:${port}/ready`)).status, 503);
  assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  assert.match(
    metrics,
    /phalanx_critical_errors_total\{chain="[^"]*",kind="trusted-state-expired",role="follower"\} 1\n/,
  );
});
