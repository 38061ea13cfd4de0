// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { freePorts } from '../../cli/system/free-port.ts';
import { inChainOrder, testValidator, type TestValidator } from '../../protocol/cometbft/testing/generated-chain.ts';
import { START, VALIDATORS } from '../../verifier-api/testing/followed-chain.ts';
import type { StatementId } from '../../protocol/statement.ts';
import { until } from '../../relayer/testing/log.ts';
import { StandInProver } from '../../verifier-api/testing/stand-in-prover.ts';
import { ChainFolder } from './chain-folder.ts';
import { FollowWorld } from './follow-world.ts';

let world: FollowWorld;
beforeEach(async () => (world = await FollowWorld.open()));
afterEach(() => world.close());

const heights = (from: bigint, to: bigint): bigint[] =>
  Array.from({ length: Number(to - from) + 1 }, (_, i) => from + BigInt(i));

test('posts the newest header, then each as the chain makes it, once; a restart goes on from there', async () => {
  heights(11n, 14n).forEach((height) => world.add(height));
  await world.start();
  await world.reach(14n);
  world.add(15n);
  await world.reach(15n);
  await world.rounds();
  await world.stop();
  world.add(16n);
  await world.start();
  await world.reach(16n);
  await world.rounds();
  assert.deepEqual(world.posted, [14n, 15n, 16n]);
});

test('posts at multiples of the interval only', async () => {
  heights(11n, 19n).forEach((height) => world.add(height));
  await world.start({ interval: 5n });
  await world.reach(15n);
  world.add(20n);
  await world.reach(20n);
  assert.deepEqual(world.posted, [15n, 20n]);
});

test('bridges a change of the set that is too great by headers in between', async () => {
  // Each height exchanges two of the 24: the sets of heights 10 and 40 have nobody in common.
  const fresh = Array.from({ length: 60 }, (_, i) => testValidator(`fresh ${i}`, 10n));
  const all: readonly TestValidator[] = [...VALIDATORS, ...fresh];
  const at = (height: bigint) => inChainOrder(all.slice(2 * Number(height - START), 2 * Number(height - START) + 24));
  // The trusted block names its own set as next.
  const setAt = (height: bigint) => at(height <= START + 1n ? START : height);
  heights(11n, 40n).forEach((height) => world.add(height, { validators: setAt(height), next: setAt(height + 1n) }));
  await world.start();
  await world.reach(40n);
  assert.equal(world.posted.at(-1), 40n);
  assert.ok(world.posted.length > 1 && world.posted.length < 10, String(world.posted));
});

describe('goes on by itself when', () => {
  test('its nodes were away', async () => {
    const [node] = world.nodes;
    assert.ok(node);
    node.answer = () => 503;
    world.add(11n);
    await world.start();
    await world.said('no node answers');
    node.answer = () => undefined;
    await world.reach(11n);
  });

  test('the API was away', async () => {
    world.gate.isOpen = false;
    world.add(11n);
    await world.start();
    await world.said('the API does not answer');
    world.gate.isOpen = true;
    await world.reach(11n);
    assert.deepEqual(world.posted, [11n]);
  });
});

test('a node that boasts, or has blocks of its own making, does not keep it from following', async () => {
  const strangers = [testValidator('stranger', 10n)];
  const liar = await world.addNode();
  world.add(11n);
  liar.answer = ({ method }) => {
    if (method === 'status') {
      const sync_info = { latest_block_height: '1000', latest_block_time: '2024-01-01T00:00:00Z', catching_up: false };
      return { result: { node_info: { network: 'phalanx-test-1' }, sync_info } };
    }
    return undefined;
  };
  await world.start();
  await world.reach(11n);
  await world.stop();

  const forged = new ChainFolder();
  forged.add({ height: 12n, validators: strangers });
  const forger = await world.addNode(forged);
  world.add(12n);
  await world.start({ rpcs: [forger.url, world.nodes[0]?.url ?? ''] });
  await world.reach(12n);
  await world.said('a node has another block than the accepted one, and nothing shows it');
  await world.rounds();
  assert.deepEqual(world.posted, [11n, 12n]);
});

test('another block that the validators signed is posted too, and the chain is not followed any further', async () => {
  const forked = new ChainFolder();
  forked.add({ height: START, validators: VALIDATORS });
  world.add(11n);
  forked.add({ height: 11n, validators: VALIDATORS, fork: 'other' });
  const other = await world.addNode(forked);
  const [port = 0] = await freePorts(1);
  await world.start({ metricsPort: port });
  await world.said('two headers that contradict each other');
  assert.deepEqual(world.posted, [11n, 11n]);
  const { body } = await world.api.get('/v1/cometbft/cosmos:phalanx-test-1');
  assert.equal((body['latest'] as { height: string }).height, '11');
  world.add(12n);
  await world.rounds();
  assert.deepEqual(world.posted, [11n, 11n], 'neither posted again nor gone on');
  assert.equal((await fetch(`http://127.0.0.1:${port}/ready`)).status, 503);
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  assert.match(metrics, /phalanx_critical_errors_total\{chain="[^"]*",kind="misbehaviour",role="follower"\} 1\n/);
  await world.stop();
  // An operator has looked at it, and taken the node out.
  await world.start({ rpcs: world.nodes.filter((node) => node !== other).map(({ url }) => url), metricsPort: port });
  await world.reach(12n);
  await until(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).status === 200, 'it is ready');
  assert.match(
    await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    /phalanx_headers_posted_total\{chain="[^"]*",role="follower"\} 1\n/,
  );
});

test('a header whose proving fails is asked for again, also by a follower that is started anew', async () => {
  world.add(11n);
  await world.start();
  await world.reach(11n);
  await world.stop();
  const { body } = await world.api.get('/v1/cometbft/cosmos:phalanx-test-1/headers/latest');
  const update = async () => (await world.api.get(`/v1/cometbft/updates/${String(body['update'])}`)).body;
  const shards = (await update())['shards'] as { statement: StatementId }[];
  const prover = await StandInProver.start(world.api);
  for (const { statement } of shards) prover.unprovable.add(statement);
  await until(async () => (await update())['state'] === 'failed', 'its proving fails');
  prover.unprovable.clear();
  await world.start();
  await until(async () => (await update())['state'] === 'proved', 'it is proved', 60_000);
  await prover.stop();
  assert.deepEqual(world.posted, [11n, 11n]);
  await world.said('it is asked for again');
});
