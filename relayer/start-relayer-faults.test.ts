// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { destinationKeys, feedCursorKey } from './lib/redis-keys.ts';
import { relayResume } from './relay-commands.ts';
import type { Reply } from './testing/fake-api.ts';
import { until } from './testing/log.ts';
import { effects, RelayerRun, sent } from './testing/relayer-run.ts';
import {
  checkpointOf,
  keyHashOf,
  offerEquivocation,
  offerQuorum,
  relayerConfig,
  setStatements,
} from './testing/world.ts';

let run: RelayerRun;

before(async () => {
  run = await RelayerRun.open();
});
after(() => run.close());
beforeEach(() => run.reset());
afterEach(() => run.stop());

test('a chain whose node is away keeps no other waiting, and is served when it is back', async () => {
  const { a, b, api } = run.world;
  const config = relayerConfig(run.world);
  const dead = { ...a.config, rpcs: ['http://127.0.0.1:1'] };
  setStatements(api, [
    offerQuorum(run.world, b, 1, checkpointOf(a, run.base)),
    offerQuorum(run.world, a, 2, checkpointOf(b, run.base)),
  ]);
  const count = { a: await effects(a), b: await effects(b) };
  await run.start({ ...config, chains: [dead, b.config] });
  await run.drain(b);
  assert.equal(await effects(b), count.b + 1n);
  assert.equal(await run.pending(a), 1);
  await run.stop();
  await run.start(config);
  await run.drain(a);
  assert.equal(await effects(a), count.a + 1n);
});

test('contracts with a key that is not ours end the start', async () => {
  const { a, b } = run.world;
  const none = 2 ** 40 - 1;
  const keyHash = keyHashOf('quorum-16');
  await b.ledger.write('setEntry', keyHash, `0x${'00'.repeat(20)}`, none);
  await assert.rejects(run.start(), { code: 'DESTINATION_MISMATCH', message: /no key of ours for quorum/ });
  await b.ledger.write('setEntry', keyHash, b.ledger.address, none);
  await assert.rejects(run.start(), { code: 'DESTINATION_MISMATCH', message: /other code/ });
  await b.ledger.write('setEntry', keyHash, b.coalition.address, 1);
  await assert.rejects(run.start(), { code: 'DESTINATION_MISMATCH', message: /retired/ });
  await b.ledger.write('setEntry', keyHash, b.coalition.address, none);
  const config = relayerConfig(run.world);
  const swapped = { ...a.config, rpcs: b.config.rpcs };
  await assert.rejects(run.start({ ...config, chains: [swapped] }), {
    code: 'DESTINATION_MISMATCH',
    message: /another chain/,
  });
});

test('development keys end the start in production', async () => {
  await assert.rejects(run.start({ ...relayerConfig(run.world), mode: 'production' }), {
    code: 'DESTINATION_MISMATCH',
    message: /development keys.*quorum-16, equivocation/,
  });
});

test('one thing that cannot be judged keeps nothing else waiting', async () => {
  const { a, b, api } = run.world;
  const count = await effects(b);
  const offence = offerEquivocation(run.world, 1, run.base);
  const { body } = (api.replies.get(`/v1/statements/${offence.id}/calldata`) as (query: URLSearchParams) => Reply)(
    new URLSearchParams({ chain: b.config.id }),
  );
  // No contract lies there, so that what comes back is no answer of one.
  const nowhere = { ...(body as object), to: `0x${'77'.repeat(20)}` };
  api.replies.set(`/v1/statements/${offence.id}/calldata`, { body: nowhere });
  setStatements(api, [offence, offerQuorum(run.world, b, 2, checkpointOf(a, run.base))]);
  await run.start();
  await until(async () => (await effects(b)) === count + 1n, 'the checkpoint is relayed');
  await b.anvil.client.mine({ blocks: 2 });
  await until(async () => (await run.pending(b)) === 1, 'only the other is left');
});

test('a reorg below the confirmation depth stops that chain alone until an operator resumes it', async () => {
  const { a, b, api } = run.world;
  const count = { a: await effects(a), b: await effects(b) };
  const snapshot = await b.anvil.client.snapshot();
  setStatements(api, [offerQuorum(run.world, b, 1, checkpointOf(a, run.base))]);
  await run.start();
  await run.drain(b);
  assert.equal(await effects(b), count.b + 1n);

  await b.anvil.client.revert({ id: snapshot });
  await b.anvil.client.mine({ blocks: 50, interval: 7 });
  const halt = destinationKeys(b.config.id).halt;
  await until(async () => (await run.world.redis.client.exists(halt)) === 1, 'relaying stopped');
  const more = [
    offerQuorum(run.world, b, 2, checkpointOf(a, run.base + 8n)),
    offerQuorum(run.world, a, 3, checkpointOf(b, run.base)),
  ];
  setStatements(api, [offerQuorum(run.world, b, 1, checkpointOf(a, run.base)), ...more]);
  await until(async () => (await effects(a)) === count.a + 1n, 'the other chain goes on');
  await until(
    () => run.lines.some((line) => line.includes(`phalanx relay --resume ${b.config.id}`)),
    'it says what to do',
  );
  assert.equal(await run.pending(b), 1);
  assert.equal(await effects(b), count.b, 'the reorg undid it, and nothing was sent since');

  await run.stop();
  await run.start();
  await until(() => run.lines.some((line) => line.includes('relaying stopped')), 'it stays stopped after a restart');
  const config = relayerConfig(run.world);
  assert.match((await relayResume(config, b.config.id))?.reason ?? '', /changed below/);
  await run.drain(b);
  assert.equal(await relayResume(config, b.config.id), undefined);
  const { headHeight } = (await b.ledger.read('chain', a.config.chainKey)) as { headHeight: bigint };
  assert.equal(headHeight, run.base + 8n);
});

test('Redis killed with a transaction under way: it goes on by itself, nothing lost, nothing twice', async () => {
  const { a, b, api } = run.world;
  const count = await effects(b);
  const nonce = await sent(b);
  await b.anvil.client.setAutomine(false);
  setStatements(api, [offerQuorum(run.world, b, 1, checkpointOf(a, run.base))]);
  await run.start();
  await until(async () => (await b.anvil.client.getTxpoolStatus()).pending === 1, 'the transaction was sent');
  await run.world.redis.crash(1_000);
  assert.equal(await run.pending(b), 1);
  setStatements(
    api,
    [1, 2].map((i) => offerQuorum(run.world, b, i, checkpointOf(a, run.base + BigInt(i - 1) * 8n))),
  );
  await b.anvil.client.setAutomine(true);
  await until(async () => Number(await run.world.redis.client.get(feedCursorKey('statements'))) === 2, 'it reads on');
  await run.drain(b);
  assert.equal(await effects(b), count + 2n);
  assert.equal(await sent(b), nonce + 2);
});
