// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { encodeFunctionData, keccak256 } from 'viem';
import { checkpointLedgerAbi } from '../protocol/abi/checkpoint-ledger.ts';
import { relayDryRun } from './relay-commands.ts';
import { ANVIL_KEYS } from './testing/anvil.ts';
import { until } from './testing/log.ts';
import { effects, RELAYER, RelayerRun, sent } from './testing/relayer-run.ts';
import { checkpointOf, offerEquivocation, offerQuorum, relayerConfig, setStatements } from './testing/world.ts';

let run: RelayerRun;

before(async () => {
  run = await RelayerRun.open();
});
after(() => run.close());
beforeEach(() => run.reset());
afterEach(() => run.stop());

test('a checkpoint goes to every chain but its own, evidence to all, each once, also after a restart', async () => {
  const { a, b, api } = run.world;
  const before = {
    ledgerA: await effects(a),
    ledgerB: await effects(b),
    a: await effects(a, 'coalition'),
    b: await effects(b, 'coalition'),
  };
  const statements = [
    offerQuorum(run.world, b, 1, checkpointOf(a, run.base)),
    offerEquivocation(run.world, 2, run.base),
  ];
  setStatements(api, statements);
  await run.start();
  await run.drain(a, b);
  assert.equal(await effects(a), before.ledgerA);
  assert.equal(await effects(b), before.ledgerB + 1n);
  assert.equal(await effects(a, 'coalition'), before.a + 1n);
  assert.equal(await effects(b, 'coalition'), before.b + 1n);
  const nonces = [await sent(a), await sent(b)];
  await run.stop();
  // Even with all that the relayer remembers gone: the chains hold it already.
  await run.world.redis.client.flushall();
  await run.start();
  await run.drain(a, b);
  assert.deepEqual([await sent(a), await sent(b)], nonces, 'no transaction for what is held');
});

test('the newest checkpoint goes first, what it supersedes costs nothing, evidence goes before both', async () => {
  const { a, b, api } = run.world;
  const count = await effects(b);
  const nonce = await sent(b);
  const backlog = Array.from({ length: 30 }, (_, i) =>
    offerQuorum(run.world, b, i + 2, checkpointOf(a, run.base + BigInt(i) * 8n)),
  );
  setStatements(api, [offerEquivocation(run.world, 1, run.base), ...backlog]);
  await b.anvil.client.setAutomine(false);
  await run.start();
  await until(
    async () => (await b.anvil.client.getTxpoolStatus()).pending === 2,
    'evidence and one checkpoint are under way',
  );
  const { transactions } = await b.anvil.client.getBlock({ blockTag: 'pending', includeTransactions: true });
  assert.equal(transactions.find((tx) => tx.nonce === nonce)?.to, b.coalition.address);
  await b.anvil.client.setAutomine(true);
  await run.drain(a, b);
  assert.equal(await effects(b), count + 1n);
  assert.equal(await sent(b), nonce + 2);
  const { headHeight } = (await b.ledger.read('chain', a.config.chainKey)) as { headHeight: bigint };
  assert.equal(headHeight, run.base + 29n * 8n);
});

test('what is refused for now is tried again, what is refused for good is not', async () => {
  const { a, b, api } = run.world;
  const count = await effects(b);
  const nonce = await sent(b);
  await b.ledger.write('refuse', 7n, true, false);
  await b.ledger.write('refuse', 8n, false, true);
  setStatements(api, [
    offerQuorum(run.world, b, 1, checkpointOf(a, run.base), 7n),
    offerQuorum(run.world, b, 2, checkpointOf(a, run.base + 8n), 8n),
  ]);
  await run.start();
  await until(
    async () => run.lines.some((line) => line.includes('refused for now')) && (await run.pending(b)) === 1,
    'one is refused for good',
  );
  assert.ok(run.lines.some((line) => line.includes('SetExpired')));
  assert.equal(await sent(b), nonce);
  await b.ledger.write('refuse', 7n, false, false);
  await run.drain(b);
  assert.equal(await effects(b), count + 1n);
});

test('a rotation that is due is relayed, once', async () => {
  const { b, api } = run.world;
  const count = await effects(b);
  const next = { commitment: 99n, epoch: 1n + run.base, sealedAt: 1n, capacity: 16 };
  const data = encodeFunctionData({ abi: checkpointLedgerAbi, functionName: 'rotateLocal', args: [next] });
  api.replies.set('/v1/rotations', (query) =>
    query.get('chain') === b.config.id
      ? {
          body: { due: true, next: { commitment: '99', epoch: `${next.epoch}` }, call: { to: b.ledger.address, data } },
        }
      : { body: { due: false, next: null, call: null } },
  );
  await run.start();
  await until(async () => (await effects(b)) === count + 1n, 'the set is rotated');
  await b.anvil.client.mine({ blocks: 3 });
  await new Promise((done) => setTimeout(done, 6_000));
  assert.equal(await effects(b), count + 1n);
});

test('epochs are sealed on the hub when they are due, and only if asked for', async () => {
  const { a, b } = run.world;
  await run.start();
  await until(() => run.lines.filter((line) => line.includes('relaying')).length >= 2, 'both pipelines are ready');
  await run.stop();
  assert.equal(await a.coalition.read('epoch'), 0n);
  await run.start(relayerConfig(run.world, { sealEpochs: true }));
  await until(async () => (await a.coalition.read('epoch')) === 1n, 'the epoch is sealed');
  assert.equal(await b.coalition.read('epoch'), 0n);
});

test('a dry run names every transaction and sends, stores and moves nothing', async () => {
  const { a, b, api } = run.world;
  setStatements(api, [
    offerQuorum(run.world, b, 1, checkpointOf(a, 8n, keccak256('0x99'))),
    offerQuorum(run.world, b, 2, checkpointOf(a, run.base)),
    offerEquivocation(run.world, 3, run.base),
  ]);
  const nonces = [await sent(a), await sent(b)];
  const config = relayerConfig(run.world);
  const shown = [];
  for await (const line of relayDryRun(config)) shown.push(line);
  const ofB = shown.filter(({ chain }) => chain === b.config.id);
  assert.deepEqual(
    ofB.map((line) => ('send' in line ? `${line.function}: ${line.outcome}` : line.skip)),
    ['superseded', 'submitCheckpoint: updated', 'slashEquivocation: slashed'],
  );
  assert.equal(shown.length, 4, 'evidence goes to the hub as well');
  for (const line of shown) if ('send' in line) assert.ok(line.send.gas > 21_000n && line.send.from === RELAYER);
  assert.deepEqual([await sent(a), await sent(b)], nonces);
  assert.deepEqual((await run.world.redis.client.keys('*')).sort(), ['phalanx:schema']);
});

test('no log line has the key', () => {
  const all = run.logs.flat();
  assert.ok(all.length > 20);
  assert.ok(!all.some((line) => line.toLowerCase().includes(ANVIL_KEYS[0].slice(2))));
});
