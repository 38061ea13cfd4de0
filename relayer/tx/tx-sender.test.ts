// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { privateKeyToAccount } from 'viem/accounts';
import type { Hex } from '../../protocol/bytes.ts';
import { parseChainId } from '../../protocol/chain.ts';
import { evmClient } from '../lib/evm-client.ts';
import { ANVIL_KEYS, rpc, startAnvil, type Anvil } from '../testing/anvil.ts';
import { deployCounter } from '../testing/counter.ts';
import { testLog, until } from '../testing/log.ts';
import { startRedis, type TestRedis } from '../testing/redis.ts';
import { startRpcProxy } from '../testing/rpc-proxy.ts';
import { TxSender, type Settled, type TxSenderOptions } from './tx-sender.ts';
import { TxStore } from './tx-store.ts';

const id = parseChainId('eip155:31337', 'id');
const account = privateKeyToAccount(ANVIL_KEYS[0]);
let redis: TestRedis;
let chain: Anvil;
let counter: Awaited<ReturnType<typeof deployCounter>>;

before(async () => {
  redis = await startRedis();
  chain = await startAnvil();
  counter = await deployCounter(chain);
});
after(async () => {
  await chain.stop();
  await redis.stop();
});
beforeEach(async () => {
  await redis.client.flushall();
  await chain.client.setAutomine(true);
});

function store(): TxStore {
  return new TxStore(redis.client, id, account.address);
}

function senderOf(more: Partial<TxSenderOptions> = {}): TxSender {
  return new TxSender({
    client: evmClient([chain.url]),
    account,
    store: store(),
    log: testLog().log,
    evmChainId: 31_337,
    confirmations: 2,
    stuckAfterMs: 60_000,
    maxFeePerGas: 100_000_000_000n,
    ...more,
  });
}

const call = (): { to: Hex; data: Hex } => ({ to: counter.address, data: '0x' });
const nonceOnChain = (): Promise<number> => chain.client.getTransactionCount({ address: account.address });

async function settle(sender: TxSender): Promise<Settled[]> {
  await chain.client.mine({ blocks: 3 });
  const settled = await sender.advance();
  for (const { record } of settled) await sender.noted(record);
  return settled;
}

test('sends a call once, and settles it only at the confirmation depth', async () => {
  const sender = senderOf();
  const count = await counter.count();
  await sender.reconcile();
  assert.equal(await sender.submit('one', call()), true);
  assert.equal(await sender.submit('one', call()), false, 'the effect is under way');
  assert.deepEqual(await sender.advance(), [], 'no block on top');
  await chain.client.mine({ blocks: 1 });
  assert.deepEqual(await sender.advance(), [], 'one block on top, two asked for');
  await chain.client.mine({ blocks: 1 });
  const [settled] = await sender.advance();
  assert.equal(settled?.outcome, 'success');
  assert.equal((await sender.advance()).length, 1, 'reported until noted');
  await sender.noted(settled.record);
  assert.deepEqual(await sender.advance(), []);
  assert.equal(await counter.count(), count + 1n);
});

test('two senders with one account never use a nonce or an effect twice', async () => {
  const senders = [senderOf(), senderOf()] as const;
  await senders[0].reconcile();
  const count = await counter.count();
  const effects = Array.from({ length: 6 }, (_, i) => `shared:${i}`);
  const sent = await Promise.all(senders.flatMap((sender) => effects.map((effect) => sender.submit(effect, call()))));
  assert.equal(sent.filter(Boolean).length, 6);
  assert.equal((await settle(senders[1])).length, 6);
  assert.equal(await counter.count(), count + 6n);
});

test('nonces used elsewhere are skipped at the start', async () => {
  await senderOf().reconcile();
  await chain.client.setNonce({ address: account.address, nonce: (await nonceOnChain()) + 3 });
  const sender = senderOf();
  await sender.reconcile();
  assert.equal(await store().nextNonce(), await nonceOnChain());
  await sender.submit('after foreign', call());
  assert.equal((await settle(sender))[0]?.outcome, 'success');
});

test('nonces used elsewhere while it runs are skipped, too', async () => {
  const sender = senderOf();
  await sender.reconcile();
  const nonce = (await nonceOnChain()) + 2;
  await chain.client.setNonce({ address: account.address, nonce });
  await sender.submit('after foreign, running', call());
  const [settled] = await settle(sender);
  assert.equal(settled?.outcome, 'success');
  assert.equal(settled.record.nonce, nonce);
});

test('a nonce counter that ran ahead of the chain comes back', async () => {
  await store().setNextNonce(10_000);
  const sender = senderOf();
  await sender.reconcile();
  assert.equal(await store().nextNonce(), await nonceOnChain());
});

test('a nonce passed over is filled, so that what waits behind it is included', async () => {
  const sender = senderOf();
  await sender.reconcile();
  const nonce = await nonceOnChain();
  await store().setNextNonce(nonce + 2);
  await sender.submit('behind a gap', call());
  await chain.client.mine({ blocks: 3 });
  assert.deepEqual(await sender.advance(), [], 'stuck behind two missing nonces');
  const restarted = senderOf();
  await restarted.reconcile();
  const [settled, ...rest] = await settle(restarted);
  assert.equal(settled?.record.nonce, nonce + 2);
  assert.equal(settled.outcome, 'success');
  assert.deepEqual(rest, [], "gap fillers are nobody's effect");
  assert.deepEqual(await store().open(), []);
});

test('a nonce lost to a transaction of somebody else is displaced, and its effect can be sent again', async () => {
  await chain.client.setAutomine(false);
  const sender = senderOf();
  await sender.reconcile();
  await sender.submit('displaced', call());
  await rpc(chain.url, 'anvil_dropAllTransactions');
  await chain.client.setNonce({ address: account.address, nonce: (await nonceOnChain()) + 1 });
  const count = await counter.count();
  await chain.client.mine({ blocks: 3 });
  const [settled] = await sender.advance();
  assert.equal(settled?.outcome, 'displaced');
  await sender.noted(settled.record);
  await sender.reconcile();
  assert.equal(await sender.submit('displaced', call()), true);
  assert.equal((await settle(sender))[0]?.outcome, 'success');
  assert.equal(await counter.count(), count + 1n);
});

test('a stuck transaction is replaced at 1.125 times the fee, up to the cap, and whichever lands is the one effect', async () => {
  await chain.client.setAutomine(false);
  let now = Date.now();
  const cap = 3_000_000_000n;
  const sender = senderOf({ stuckAfterMs: 1_000, now: () => now, maxFeePerGas: cap });
  await sender.reconcile();
  const count = await counter.count();
  await sender.submit('stuck', call());
  const fees: bigint[] = [];
  for (let i = 0; i < 12; i += 1) {
    now += 1_001;
    assert.deepEqual(await sender.advance(), []);
    const [record] = await store().open();
    fees.push(record?.attempts.at(-1)?.maxFeePerGas ?? 0n);
  }
  const [record] = await store().open();
  const attempts = record?.attempts ?? [];
  assert.ok(attempts.length >= 3, `replaced several times: ${attempts.length}`);
  attempts.slice(1).forEach((attempt, i) => {
    assert.ok(attempt.maxFeePerGas * 1_000n >= (attempts[i]?.maxFeePerGas ?? 0n) * 1_125n);
    assert.ok(attempt.maxPriorityFeePerGas * 1_000n >= (attempts[i]?.maxPriorityFeePerGas ?? 0n) * 1_125n);
    assert.ok(attempt.maxFeePerGas <= cap);
  });
  assert.equal(fees.at(-1), fees.at(-2), 'the cap ends it');
  const pool = await chain.client.getTxpoolStatus();
  assert.equal(pool.pending, 1, 'the node took each replacement in place of the last');
  const [settled] = await settle(sender);
  assert.equal(settled?.outcome, 'success');
  assert.equal(settled.record.included?.hash, attempts.at(-1)?.hash);
  assert.equal(await counter.count(), count + 1n);
});

test('an older version that lands after it was replaced still counts as the effect', async () => {
  await chain.client.setAutomine(false);
  let now = Date.now();
  const sender = senderOf({ stuckAfterMs: 1_000, now: () => now });
  await sender.reconcile();
  await sender.submit('older', call());
  const [before] = await store().open();
  const first = before?.attempts[0];
  assert.ok(first);
  now += 1_001;
  await sender.advance();
  await rpc(chain.url, 'anvil_dropAllTransactions');
  await chain.client.sendRawTransaction({ serializedTransaction: first.raw });
  const [settled] = await settle(sender);
  assert.equal(settled?.record.included?.hash, first.hash);
});

test('a transaction that the node forgot is broadcast again, the same bytes', async () => {
  await chain.client.setAutomine(false);
  let now = Date.now();
  const sender = senderOf({ now: () => now });
  await sender.reconcile();
  await sender.submit('forgotten', call());
  await rpc(chain.url, 'anvil_dropAllTransactions');
  now += 5_000;
  await sender.advance();
  const [settled] = await settle(sender);
  assert.equal(settled?.outcome, 'success');
  assert.equal(settled.record.attempts.length, 1);
});

test('a transaction undone by a shallow reorg is followed until it is included again', async () => {
  const sender = senderOf({ confirmations: 3 });
  await sender.reconcile();
  const snapshot = await chain.client.snapshot();
  const count = await counter.count();
  await sender.submit('undone', call());
  await sender.advance();
  assert.ok((await store().open())[0]?.included, 'it was included');
  await chain.client.revert({ id: snapshot });
  await chain.client.mine({ blocks: 1 });
  await sender.advance();
  assert.equal((await store().open())[0]?.included, undefined);
  const [settled] = await (await sender.reconcile(), chain.client.mine({ blocks: 1 }), settle(sender));
  assert.equal(settled?.outcome, 'success');
  assert.equal(await counter.count(), count + 1n);
});

test('a call that reverts is not sent', async () => {
  const sender = senderOf();
  await sender.reconcile();
  const to = `0x${'ab'.repeat(20)}` as const;
  // REVERT with no data
  await chain.client.setCode({ address: to, bytecode: '0x5f5ffd' });
  await assert.rejects(sender.submit('reverts', { to, data: '0x' }));
  assert.deepEqual(await store().open(), []);
});

test('a base fee above the cap sends nothing', async () => {
  const sender = senderOf({ maxFeePerGas: 1n });
  await sender.reconcile();
  await assert.rejects(sender.submit('too dear', call()), { code: 'FEE_TOO_HIGH' });
  assert.deepEqual(await store().open(), []);
});

function sendOnce(url: string, effect: string): ChildProcess {
  const script = resolve(import.meta.dirname, '../testing/send-once.ts');
  return spawn(process.execPath, ['--import', 'tsx', script, url, redis.socket, counter.address, effect], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  return text.trim();
}

for (const [moment, drop] of [
  ['between storing and broadcasting', 'before'],
  ['between broadcasting and confirming', 'after'],
] as const) {
  test(`kill -9 ${moment}: after a restart the same transaction, one effect`, async () => {
    const proxy = await startRpcProxy(chain.url);
    const count = await counter.count();
    const victim = sendOnce(proxy.url, moment);
    const dead = once(victim, 'exit');
    proxy[drop] = ({ method }) => {
      if (method !== 'eth_sendRawTransaction') return true;
      victim.kill('SIGKILL');
      return false;
    };
    await dead;
    const [stored] = await store().open();
    assert.ok(stored, 'signed and stored before it was broadcast');
    assert.equal(await counter.count(), drop === 'before' ? count : count + 1n);
    proxy[drop] = () => true;
    const restarted = sendOnce(proxy.url, moment);
    const output = outputOf(restarted);
    await until(async () => (await counter.count()) > count, 'the effect is there');
    await chain.client.mine({ blocks: 2 });
    assert.equal(await output, `success ${stored.attempts[0]?.hash}`);
    assert.equal(await counter.count(), count + 1n);
    proxy.close();
  });
}
