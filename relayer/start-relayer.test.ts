// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { encodeFunctionData, keccak256 } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { checkpointLedgerAbi } from '../protocol/abi/checkpoint-ledger.ts';
import type { RelayerConfig } from '../runtime/config.ts';
import type { Running } from '../runtime/shutdown.ts';
import { destinationKeys, feedCursorKey } from './lib/redis-keys.ts';
import { relayDryRun, relayResume } from './relay-commands.ts';
import { startRelayer } from './start-relayer.ts';
import { ANVIL_KEYS } from './testing/anvil.ts';
import type { Reply } from './testing/fake-api.ts';
import { testLog, until } from './testing/log.ts';
import {
  checkpointOf,
  emptyFeeds,
  keyHashOf,
  offerEquivocation,
  offerQuorum,
  relayerConfig,
  setStatements,
  startWorld,
  type TestChain,
  type World,
} from './testing/world.ts';

const wallet = privateKeyToAccount(ANVIL_KEYS[0]).address;
let world: World;
let running: Running | undefined;
let lines: string[];
const logs: string[][] = [];
/** every test has heights of its own */
let base = 0n;

before(async () => {
  world = await startWorld();
});
after(() => world.close());
beforeEach(async () => {
  await world.redis.client.flushall();
  emptyFeeds(world);
  base += 8_000n;
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(config: RelayerConfig = relayerConfig(world)): Promise<void> {
  const test = testLog();
  lines = test.lines;
  logs.push(lines);
  running = await startRelayer(config, test.log);
}

const effects = async (chain: TestChain, contract: 'ledger' | 'coalition' = 'ledger'): Promise<bigint> =>
  (await chain[contract].read('effects')) as bigint;
const sent = (chain: TestChain): Promise<number> => chain.anvil.client.getTransactionCount({ address: wallet });
const pending = (chain: TestChain): Promise<number> =>
  world.redis.client.zcard(destinationKeys(chain.config.id).pending);

/** Mine until everything is relayed and confirmed. */
async function drain(...chains: TestChain[]): Promise<void> {
  await until(async () => Number(await world.redis.client.get(feedCursorKey('statements'))) > 0, 'the feed was read');
  await until(async () => {
    for (const { anvil } of chains) await anvil.client.mine({ blocks: 1 });
    return (await Promise.all(chains.map(pending))).every((count) => count === 0);
  }, 'nothing is left to relay');
}

test('a checkpoint goes to every chain but its own, evidence to all, each once, also after a restart', async () => {
  const { a, b, api } = world;
  const before = {
    ledgerA: await effects(a),
    ledgerB: await effects(b),
    a: await effects(a, 'coalition'),
    b: await effects(b, 'coalition'),
  };
  const statements = [offerQuorum(world, b, 1, checkpointOf(a, base)), offerEquivocation(world, 2, base)];
  setStatements(api, statements);
  await start();
  await drain(a, b);
  assert.equal(await effects(a), before.ledgerA);
  assert.equal(await effects(b), before.ledgerB + 1n);
  assert.equal(await effects(a, 'coalition'), before.a + 1n);
  assert.equal(await effects(b, 'coalition'), before.b + 1n);
  const nonces = [await sent(a), await sent(b)];
  await running?.stop();
  // Even with all that the relayer remembers gone: the chains hold it already.
  await world.redis.client.flushall();
  await start();
  await drain(a, b);
  assert.deepEqual([await sent(a), await sent(b)], nonces, 'no transaction for what is held');
});

test('the newest checkpoint goes first, what it supersedes costs nothing, evidence goes before both', async () => {
  const { a, b, api } = world;
  const count = await effects(b);
  const nonce = await sent(b);
  const backlog = Array.from({ length: 30 }, (_, i) =>
    offerQuorum(world, b, i + 2, checkpointOf(a, base + BigInt(i) * 8n)),
  );
  setStatements(api, [offerEquivocation(world, 1, base), ...backlog]);
  await b.anvil.client.setAutomine(false);
  await start();
  await until(
    async () => (await b.anvil.client.getTxpoolStatus()).pending === 2,
    'evidence and one checkpoint are under way',
  );
  const { transactions } = await b.anvil.client.getBlock({ blockTag: 'pending', includeTransactions: true });
  assert.equal(transactions.find((tx) => tx.nonce === nonce)?.to, b.coalition.address);
  await b.anvil.client.setAutomine(true);
  await drain(a, b);
  assert.equal(await effects(b), count + 1n);
  assert.equal(await sent(b), nonce + 2);
  const { headHeight } = (await b.ledger.read('chain', a.config.chainKey)) as { headHeight: bigint };
  assert.equal(headHeight, base + 29n * 8n);
});

test('what is refused for now is tried again, what is refused for good is not', async () => {
  const { a, b, api } = world;
  const count = await effects(b);
  const nonce = await sent(b);
  await b.ledger.write('refuse', 7n, true, false);
  await b.ledger.write('refuse', 8n, false, true);
  setStatements(api, [
    offerQuorum(world, b, 1, checkpointOf(a, base), 7n),
    offerQuorum(world, b, 2, checkpointOf(a, base + 8n), 8n),
  ]);
  await start();
  await until(
    async () => lines.some((line) => line.includes('refused for now')) && (await pending(b)) === 1,
    'one is refused for good',
  );
  assert.ok(lines.some((line) => line.includes('SetExpired')));
  assert.equal(await sent(b), nonce);
  await b.ledger.write('refuse', 7n, false, false);
  await drain(b);
  assert.equal(await effects(b), count + 1n);
});

test('a chain whose node is away keeps no other waiting, and is served when it is back', async () => {
  const { a, b, api } = world;
  const config = relayerConfig(world);
  const dead = { ...a.config, rpcs: ['http://127.0.0.1:1'] };
  setStatements(api, [
    offerQuorum(world, b, 1, checkpointOf(a, base)),
    offerQuorum(world, a, 2, checkpointOf(b, base)),
  ]);
  const count = { a: await effects(a), b: await effects(b) };
  await start({ ...config, chains: [dead, b.config] });
  await drain(b);
  assert.equal(await effects(b), count.b + 1n);
  assert.equal(await pending(a), 1);
  await running?.stop();
  await start(config);
  await drain(a);
  assert.equal(await effects(a), count.a + 1n);
});

test('contracts with a key that is not ours end the start', async () => {
  const { a, b } = world;
  const none = 2 ** 40 - 1;
  const keyHash = keyHashOf('quorum-16');
  await b.ledger.write('setEntry', keyHash, `0x${'00'.repeat(20)}`, none);
  await assert.rejects(start(), { code: 'DESTINATION_MISMATCH', message: /no key of ours for quorum/ });
  await b.ledger.write('setEntry', keyHash, b.ledger.address, none);
  await assert.rejects(start(), { code: 'DESTINATION_MISMATCH', message: /other code/ });
  await b.ledger.write('setEntry', keyHash, b.coalition.address, 1);
  await assert.rejects(start(), { code: 'DESTINATION_MISMATCH', message: /retired/ });
  await b.ledger.write('setEntry', keyHash, b.coalition.address, none);
  const config = relayerConfig(world);
  const swapped = { ...a.config, rpcs: b.config.rpcs };
  await assert.rejects(start({ ...config, chains: [swapped] }), {
    code: 'DESTINATION_MISMATCH',
    message: /another chain/,
  });
});

test('development keys end the start in production', async () => {
  await assert.rejects(start({ ...relayerConfig(world), mode: 'production' }), {
    code: 'DESTINATION_MISMATCH',
    message: /development keys.*quorum-16, equivocation/,
  });
});

test('one thing that cannot be judged keeps nothing else waiting', async () => {
  const { a, b, api } = world;
  const count = await effects(b);
  const offence = offerEquivocation(world, 1, base);
  const { body } = (api.replies.get(`/v1/statements/${offence.id}/calldata`) as (query: URLSearchParams) => Reply)(
    new URLSearchParams({ chain: b.config.id }),
  );
  // No contract lies there, so that what comes back is no answer of one.
  const nowhere = { ...(body as object), to: `0x${'77'.repeat(20)}` };
  api.replies.set(`/v1/statements/${offence.id}/calldata`, { body: nowhere });
  setStatements(api, [offence, offerQuorum(world, b, 2, checkpointOf(a, base))]);
  await start();
  await until(async () => (await effects(b)) === count + 1n, 'the checkpoint is relayed');
  await b.anvil.client.mine({ blocks: 2 });
  await until(async () => (await pending(b)) === 1, 'only the other is left');
});

test('a reorg below the confirmation depth stops that chain alone until an operator resumes it', async () => {
  const { a, b, api } = world;
  const count = { a: await effects(a), b: await effects(b) };
  const snapshot = await b.anvil.client.snapshot();
  setStatements(api, [offerQuorum(world, b, 1, checkpointOf(a, base))]);
  await start();
  await drain(b);
  assert.equal(await effects(b), count.b + 1n);

  await b.anvil.client.revert({ id: snapshot });
  await b.anvil.client.mine({ blocks: 50, interval: 7 });
  const halt = destinationKeys(b.config.id).halt;
  await until(async () => (await world.redis.client.exists(halt)) === 1, 'relaying stopped');
  const more = [offerQuorum(world, b, 2, checkpointOf(a, base + 8n)), offerQuorum(world, a, 3, checkpointOf(b, base))];
  setStatements(api, [offerQuorum(world, b, 1, checkpointOf(a, base)), ...more]);
  await until(async () => (await effects(a)) === count.a + 1n, 'the other chain goes on');
  await until(() => lines.some((line) => line.includes(`phalanx relay --resume ${b.config.id}`)), 'it says what to do');
  assert.equal(await pending(b), 1);
  assert.equal(await effects(b), count.b, 'the reorg undid it, and nothing was sent since');

  await running?.stop();
  await start();
  await until(() => lines.some((line) => line.includes('relaying stopped')), 'it stays stopped after a restart');
  const config = relayerConfig(world);
  assert.match((await relayResume(config, b.config.id))?.reason ?? '', /changed below/);
  await drain(b);
  assert.equal(await relayResume(config, b.config.id), undefined);
  const { headHeight } = (await b.ledger.read('chain', a.config.chainKey)) as { headHeight: bigint };
  assert.equal(headHeight, base + 8n);
});

test('Redis killed with a transaction under way: it goes on by itself, nothing lost, nothing twice', async () => {
  const { a, b, api } = world;
  const count = await effects(b);
  const nonce = await sent(b);
  await b.anvil.client.setAutomine(false);
  setStatements(api, [offerQuorum(world, b, 1, checkpointOf(a, base))]);
  await start();
  await until(async () => (await b.anvil.client.getTxpoolStatus()).pending === 1, 'the transaction was sent');
  await world.redis.crash(1_000);
  assert.equal(await pending(b), 1);
  setStatements(
    api,
    [1, 2].map((i) => offerQuorum(world, b, i, checkpointOf(a, base + BigInt(i - 1) * 8n))),
  );
  await b.anvil.client.setAutomine(true);
  await until(async () => Number(await world.redis.client.get(feedCursorKey('statements'))) === 2, 'it reads on');
  await drain(b);
  assert.equal(await effects(b), count + 2n);
  assert.equal(await sent(b), nonce + 2);
});

test('a rotation that is due is relayed, once', async () => {
  const { b, api } = world;
  const count = await effects(b);
  const next = { commitment: 99n, epoch: 1n + base, sealedAt: 1n, capacity: 16 };
  const data = encodeFunctionData({ abi: checkpointLedgerAbi, functionName: 'rotateLocal', args: [next] });
  api.replies.set('/v1/rotations', (query) =>
    query.get('chain') === b.config.id
      ? {
          body: { due: true, next: { commitment: '99', epoch: `${next.epoch}` }, call: { to: b.ledger.address, data } },
        }
      : { body: { due: false, next: null, call: null } },
  );
  await start();
  await until(async () => (await effects(b)) === count + 1n, 'the set is rotated');
  await b.anvil.client.mine({ blocks: 3 });
  await new Promise((done) => setTimeout(done, 6_000));
  assert.equal(await effects(b), count + 1n);
});

test('epochs are sealed on the hub when they are due, and only if asked for', async () => {
  const { a, b } = world;
  await start();
  await until(() => lines.filter((line) => line.includes('relaying')).length >= 2, 'both pipelines are ready');
  await running?.stop();
  assert.equal(await a.coalition.read('epoch'), 0n);
  await start(relayerConfig(world, { sealEpochs: true }));
  await until(async () => (await a.coalition.read('epoch')) === 1n, 'the epoch is sealed');
  assert.equal(await b.coalition.read('epoch'), 0n);
});

test('a dry run names every transaction and sends, stores and moves nothing', async () => {
  const { a, b, api } = world;
  setStatements(api, [
    offerQuorum(world, b, 1, checkpointOf(a, 8n, keccak256('0x99'))),
    offerQuorum(world, b, 2, checkpointOf(a, base)),
    offerEquivocation(world, 3, base),
  ]);
  const nonces = [await sent(a), await sent(b)];
  const config = relayerConfig(world);
  const shown = [];
  for await (const line of relayDryRun(config)) shown.push(line);
  const ofB = shown.filter(({ chain }) => chain === b.config.id);
  assert.deepEqual(
    ofB.map((line) => ('send' in line ? `${line.function}: ${line.outcome}` : line.skip)),
    ['superseded', 'submitCheckpoint: updated', 'slashEquivocation: slashed'],
  );
  assert.equal(shown.length, 4, 'evidence goes to the hub as well');
  for (const line of shown) if ('send' in line) assert.ok(line.send.gas > 21_000n && line.send.from === wallet);
  assert.deepEqual([await sent(a), await sent(b)], nonces);
  assert.deepEqual((await world.redis.client.keys('*')).sort(), ['phalanx:schema']);
});

test('no log line has the key', () => {
  const all = logs.flat();
  assert.ok(all.length > 100);
  assert.ok(!all.some((line) => line.toLowerCase().includes(ANVIL_KEYS[0].slice(2))));
});
