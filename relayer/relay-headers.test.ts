// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { encodeFunctionData, keccak256, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { cometBftLedgerAbi } from '../protocol/abi/cometbft-ledger.ts';
import { consensusState } from '../protocol/cometbft/client-state.ts';
import { ledgerHeader, ledgerState } from '../protocol/cometbft/ledger-header.ts';
import { setOf, testBlock, testValidators } from '../protocol/cometbft/testing/generated-chain.ts';
import type { Running } from '../runtime/shutdown.ts';
import { destinationKeys, feedCursorKey } from './lib/redis-keys.ts';
import { startRelayer } from './start-relayer.ts';
import { ANVIL_KEYS } from './testing/anvil.ts';
import { deployTestContract, type TestContract } from './testing/contracts.ts';
import type { Reply } from './testing/fake-api.ts';
import { testLog, until } from './testing/log.ts';
import { emptyFeeds, relayerConfig, startWorld, type TestChain, type World } from './testing/world.ts';

const validators = testValidators('relayed', [1n, 1n, 1n, 1n]);
const wallet = privateKeyToAccount(ANVIL_KEYS[0]).address;
let world: World;
let ledger: TestContract;
let running: Running | undefined;
let lines: string[];

before(async () => {
  world = await startWorld();
});
after(() => world.close());
beforeEach(async () => {
  await world.redis.client.flushall();
  emptyFeeds(world);
  ledger = await deployTestContract(world.b.anvil, 'TestHeaderLedger');
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

/** A proved header in the feed's form, followed on chain b alone. */
function offer(sequence: number, height: bigint, fork = '') {
  const id = keccak256(Buffer.from(`${height} ${fork}`));
  const signedHeader = testBlock({ height, validators, fork });
  const trusted = ledgerState(1n, consensusState(testBlock({ height: 1n, validators }).header));
  const message = { trustedHeight: 1n, signedHeader, validators: setOf(validators), signers: [0, 1, 2] };
  const data: Hex = encodeFunctionData({
    abi: cometBftLedgerAbi,
    functionName: 'update',
    args: [trusted, 1n, ledgerHeader(message), keccak256('0x01')],
  });
  world.api.replies.set(`/v1/cometbft/updates/${id}/calldata`, { body: { to: ledger.address, data } });
  const destinations = [world.b.config.id];
  return { id, sequence, chain: 'cosmos:phalanx-test-1', height: `${height}`, contradicts: fork !== '', destinations };
}

function feed(...updates: readonly ReturnType<typeof offer>[]): void {
  world.api.replies.set('/v1/cometbft/updates', (query): Reply => {
    const page = updates.filter(({ sequence }) => sequence > Number(query.get('after')));
    return { body: { updates: page, after: page.at(-1)?.sequence ?? Number(query.get('after')) } };
  });
}

/** Start, and mine until the feed was read up to `cursor` and nothing is left. */
async function relay(cursor: number): Promise<void> {
  const { client } = world.redis;
  if (!running) {
    const test = testLog();
    lines = test.lines;
    running = await startRelayer(relayerConfig(world), test.log);
  }
  await until(async () => Number(await client.get(feedCursorKey('header-updates'))) === cursor, 'the feed was read');
  await until(async () => {
    await world.b.anvil.client.mine({ blocks: 1 });
    return (await client.zcard(destinationKeys(world.b.config.id).pending)) === 0;
  }, 'nothing is left to relay');
}

const effects = async (): Promise<bigint> => (await ledger.read('effects')) as bigint;
const sent = ({ anvil }: TestChain): Promise<number> => anvil.client.getTransactionCount({ address: wallet });

test('a header goes to the chain that follows it, once, also where the relayer has forgotten it', async () => {
  const untouched = await sent(world.a);
  feed(offer(1, 20n));
  await relay(1);
  assert.equal(await effects(), 1n);
  assert.equal(await world.redis.client.hlen(destinationKeys(world.a.config.id).items), 0);
  const nonce = await sent(world.b);
  await running?.stop();
  running = undefined;
  await world.redis.client.flushall();
  await relay(1);
  assert.deepEqual([await effects(), await sent(world.b)], [1n, nonce]);
  assert.equal(await sent(world.a), untouched);
});

test('what the ledger has gone past costs nothing', async () => {
  feed(offer(1, 30n));
  await relay(1);
  const nonce = await sent(world.b);
  feed(offer(1, 30n), offer(2, 25n));
  await relay(2);
  assert.deepEqual([await effects(), await sent(world.b)], [1n, nonce]);
  assert.ok(lines.some((line) => line.includes('"outcome":"superseded"')));
});

test('what was passed over goes first where a later header is believed by it', async () => {
  feed(offer(1, 60n));
  await relay(1);
  const [passed, later] = [offer(2, 55n), offer(3, 63n)];
  feed(offer(1, 60n), passed);
  await relay(2);
  const before = await effects();
  const calldata = (id: Hex): Reply => world.api.replies.get(`/v1/cometbft/updates/${id}/calldata`) as Reply;
  const [first, last] = [calldata(passed.id), calldata(later.id)];
  let isHeld = false;
  world.api.replies.set(`/v1/cometbft/updates/${later.id}/calldata`, (query): Reply => {
    if (isHeld) return last;
    return query.get('path') === 'true' ? first : { status: 409, body: { code: 'TRUSTED_STATE_NOT_HELD' } };
  });
  feed(offer(1, 60n), passed, later);
  await until(async () => {
    await world.b.anvil.client.mine({ blocks: 1 });
    return (await effects()) === before + 1n;
  }, 'what it is believed by is held');
  await until(async () => {
    await world.b.anvil.client.mine({ blocks: 1 });
    return lines.some((line) => line.includes('on-the-way:') && line.includes('"outcome":"success"'));
  }, 'that is confirmed');
  isHeld = true;
  await relay(3);
  assert.equal(await effects(), before + 2n);
});

test('a header that contradicts a held one is sent, and said aloud', async () => {
  feed(offer(1, 40n), offer(2, 41n));
  await relay(2);
  const before = await effects();
  feed(offer(1, 40n), offer(2, 41n), offer(3, 41n, 'fork'));
  await relay(3);
  assert.equal(await effects(), before + 1n);
  assert.ok(lines.some((line) => line.includes('it will freeze the chain')));
});
