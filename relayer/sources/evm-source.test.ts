// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { parseChainId } from '../../protocol/chain.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { rpc, startAnvil, type Anvil } from '../testing/anvil.ts';
import { agree, reachedBy } from './agreement.ts';
import { SourceDisagreementError, SourceMismatchError, SourceUnavailableError } from './errors.ts';
import { EvmSource, type EvmSourceOptions } from './evm-source.ts';

/** Two honest nodes (one chain behind two addresses) and one that serves another chain with the same id. */
let honest: Anvil;
let other: Anvil;
let genesisHash: Hex;
const id = parseChainId('eip155:31337', 'id');
const TIMES = ['--timestamp', '1700000000', '--slots-in-an-epoch', '1'] as const;

before(async () => {
  honest = await startAnvil(...TIMES);
  other = await startAnvil(...TIMES);
  await other.client.sendTransaction({ chain: null, to: other.client.account.address, value: 1n });
  await honest.client.mine({ blocks: 10, interval: 1 });
  await other.client.mine({ blocks: 20, interval: 1 });
  genesisHash = (await honest.client.getBlock({ blockNumber: 0n })).hash;
});
after(() => Promise.all([honest.stop(), other.stop()]));

const DEAD = 'http://127.0.0.1:1';
function source(rpcs: readonly string[], rpcQuorum: number, more: Partial<EvmSourceOptions> = {}): EvmSource {
  return new EvmSource({ id, genesisHash, rpcs, rpcQuorum, finality: 'finalized', ...more });
}

/** A node that changes what `honest` says about blocks. */
async function liar(change: (block: Record<string, unknown>) => void): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const call = JSON.parse(Buffer.concat(parts).toString()) as { id: number; method: string; params: unknown[] };
      const result = await rpc(honest.url, call.method, ...(call.params ?? []));
      if (call.method === 'eth_getBlockByNumber') change(result as Record<string, unknown>);
      response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, result }));
    })();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

test('two of three nodes that agree give the checkpoint; the dissenting third is reported', async () => {
  const dissent: number[] = [];
  const checkpoint = await source([honest.url, other.url, honest.url], 2, {
    onDissent: (_height, nodes) => dissent.push(nodes),
  }).checkpointAt(5n);
  const block = await honest.client.getBlock({ blockNumber: 5n });
  assert.equal(checkpoint.blockHash, block.hash);
  assert.equal(checkpoint.stateRoot, block.stateRoot);
  assert.equal(checkpoint.timestamp, block.timestamp);
  assert.deepEqual(dissent, [1]);
});

test('nodes that contradict each other give no checkpoint', async () => {
  await assert.rejects(source([honest.url, other.url], 2).checkpointAt(5n), SourceDisagreementError);
});

test('a quorum of one among contradicting nodes decides nothing', async () => {
  await assert.rejects(source([honest.url, other.url], 1).checkpointAt(5n), SourceDisagreementError);
});

test('too few answering nodes give no checkpoint', async () => {
  await assert.rejects(source([honest.url, DEAD], 2).checkpointAt(5n), SourceUnavailableError);
});

test('a dead node does not matter while enough of the others agree', async () => {
  const checkpoint = await source([DEAD, honest.url, honest.url], 2).checkpointAt(5n);
  assert.equal(checkpoint.height, 5n);
});

test('a block that is not there yet is unavailable', async () => {
  await assert.rejects(source([honest.url], 1).checkpointAt(1_000n), SourceUnavailableError);
});

test('a node that keeps the hash and changes the state root is not believed', async () => {
  const { url, server } = await liar((block) => (block['stateRoot'] = `0x${'11'.repeat(32)}`));
  await assert.rejects(source([url], 1).checkpointAt(5n), SourceUnavailableError);
  server.close();
});

test('a node that answers with another valid block is not believed', async () => {
  const real = (await rpc(honest.url, 'eth_getBlockByNumber', '0x4', false)) as object;
  const { url, server } = await liar((block) => Object.assign(block, real));
  await assert.rejects(source([url], 1).checkpointAt(5n), SourceUnavailableError);
  server.close();
});

test('finalised is what enough nodes hold final, by tag or by depth', async () => {
  const tag = (await honest.client.getBlock({ blockTag: 'finalized' })).number;
  assert.ok(tag < 10n && tag > 0n, `the tag lags behind the head: ${tag}`);
  assert.equal(await source([honest.url, other.url], 2).finalisedHeight(), tag);
  assert.equal(await source([honest.url, other.url], 2, { finality: { depth: 3 } }).finalisedHeight(), 7n);
  assert.equal(await source([honest.url, other.url], 1, { finality: { depth: 3 } }).finalisedHeight(), 18n);
  assert.equal(await source([honest.url], 1, { finality: { depth: 300 } }).finalisedHeight(), 0n);
});

test('check refuses nodes of another chain and of a fork with the same id', async () => {
  await source([honest.url], 1).check();
  const wrongId = parseChainId('eip155:1', 'id');
  await assert.rejects(source([honest.url], 1, { id: wrongId }).check(), SourceMismatchError);
  await assert.rejects(source([honest.url], 1, { genesisHash: `0x${'22'.repeat(32)}` }).check(), SourceMismatchError);
});

test('agree and reachedBy count answers, not nodes that failed', () => {
  const fail = { error: new Error('down') };
  assert.deepEqual(agree([{ value: 'a' }, fail, { value: 'a' }], 2, String), { value: 'a', dissent: 0 });
  assert.throws(() => agree([{ value: 'a' }, fail, fail], 2, String), SourceUnavailableError);
  assert.throws(
    () => agree([{ value: 'a' }, { value: 'a' }, { value: 'b' }, { value: 'b' }], 2, String),
    SourceDisagreementError,
  );
  assert.equal(reachedBy([{ value: 9n }, { value: 5n }, { value: 7n }], 2), 7n);
  assert.throws(() => reachedBy([{ value: 9n }, fail], 2), SourceUnavailableError);
});
