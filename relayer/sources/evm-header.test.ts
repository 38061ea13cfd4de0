// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rpc, startAnvil, type Anvil } from '../testing/anvil.ts';
import { HeaderError } from './errors.ts';
import { parseEvmHeader } from './evm-header.ts';
import { recordedHeaders } from './recorded-headers.ts';

const chains: Anvil[] = [];
before(async () => {
  for (const fork of ['shanghai', 'cancun', 'prague', 'osaka']) chains.push(await startAnvil('--hardfork', fork));
});
after(() => Promise.all(chains.map((chain) => chain.stop())));

for (const [name, header] of Object.entries(recordedHeaders)) {
  test(`recomputes the hash of ${name}`, () => {
    const parsed = parseEvmHeader(header);
    assert.equal(parsed.hash, header['hash']);
    assert.equal(parsed.stateRoot, header['stateRoot']);
    assert.equal(parsed.number, BigInt(header['number'] ?? ''));
    assert.equal(parsed.timestamp, BigInt(header['timestamp'] ?? ''));
  });

  for (const field of Object.keys(header)) {
    test(`refuses ${name} with its ${field} changed`, () => {
      const value = header[field] ?? '';
      // The last digit but for empty data, which grows by a byte.
      const changed = value === '0x' ? '0x00' : value.slice(0, -1) + (value.endsWith('1') ? '2' : '1');
      assert.throws(() => parseEvmHeader({ ...header, [field]: changed }), HeaderError);
    });
    test(`refuses ${name} without its ${field}`, () => {
      const { [field]: _, ...rest } = header;
      assert.throws(() => parseEvmHeader(rest), HeaderError);
    });
  }
}

test('refuses a header with a field in the middle left out, though later ones are there', () => {
  const { parentBeaconBlockRoot: _, ...rest } = recordedHeaders['geth, Prague fork'] ?? {};
  assert.throws(() => parseEvmHeader(rest), HeaderError);
});

test('recomputes the hash of Anvil blocks of every fork since Shanghai, genesis and ones with transactions', async () => {
  for (const { client, url } of chains) {
    await client.sendTransaction({ chain: null, to: client.account.address, value: 1n });
    await client.mine({ blocks: 3 });
    for (let height = 0; height < 5; height += 1) {
      const block: unknown = await rpc(url, 'eth_getBlockByNumber', `0x${height}`, false);
      const parsed = parseEvmHeader(block);
      const { hash, stateRoot } = await client.getBlock({ blockNumber: BigInt(height) });
      assert.deepEqual({ hash, stateRoot }, { hash: parsed.hash, stateRoot: parsed.stateRoot });
    }
  }
});
