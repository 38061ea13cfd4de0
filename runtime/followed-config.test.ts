// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { loadApiConfig, loadFollowerConfig } from './config.ts';
import { problemsOf, validConfig, writeConfig } from './testing/config-file.ts';

const followed = (): Record<string, unknown> => ({
  chainId: 'cosmoshub-4',
  genesisHash: `0x${'20'.repeat(32)}`,
  trustingPeriodSeconds: 1_209_600,
  trusted: {
    height: 8_619_996,
    time: '2021-12-14T04:26:55.5Z',
    blockHash: `0x${'21'.repeat(32)}`,
    appHash: `0x${'22'.repeat(32)}`,
    nextValidatorsHash: `0x${'23'.repeat(32)}`,
  },
  ledgers: [{ chain: 'eip155:1', address: `0x${'04'.repeat(20)}` }],
});

test('followed chains: none unless named, then with their CAIP-2 id and chain key', () => {
  assert.deepEqual(loadApiConfig(writeConfig(validConfig()), {}).cometbft, []);
  const { cometbft } = loadApiConfig(writeConfig({ ...validConfig(), cometbft: [followed()] }), {});
  assert.equal(cometbft[0]?.id, 'cosmos:cosmoshub-4');
  const preimage = Buffer.concat([Buffer.from('cosmos:cosmoshub-4'), Buffer.alloc(32, 0x20)]);
  const digest = createHash('sha256').update(preimage).digest('hex');
  assert.equal(cometbft[0].chainKey, `0x${digest.slice(0, 62)}`);
  assert.deepEqual([cometbft[0].rpcs, cometbft[0].interval], [undefined, 1n]);
  assert.equal(cometbft[0].trusted.time, 1_639_456_015_500_000_000n);
  assert.equal(cometbft[0].trusted.height, 8_619_996n);
});

test('followed chains: a node that is not on this machine means production, and no development', () => {
  const cometbft = [{ ...followed(), rpcs: ['http://127.0.0.1:26657', 'https://rpc.example.org'], interval: 100 }];
  const { mode, cometbft: loaded } = loadApiConfig(writeConfig({ ...validConfig(), cometbft }), {});
  assert.deepEqual([mode, loaded[0]?.interval], ['production', 100n]);
  assert.deepEqual(
    problemsOf(() => loadApiConfig(writeConfig({ ...validConfig(), cometbft, mode: 'development' }), {})),
    ['cometbft[0].rpcs[1]'],
  );
});

test('followed chains: every problem at once', () => {
  const ledger = (chain: string) => ({ chain, address: `0x${'04'.repeat(20)}` });
  const config = {
    ...validConfig(),
    cometbft: [
      { ...followed(), trusted: { ...(followed()['trusted'] as object), time: '2021-13-14T04:26:55Z', height: 0 } },
      { ...followed(), ledgers: [ledger('eip155:1'), ledger('eip155:1'), ledger('eip155:9')] },
      {
        ...followed(),
        chainId: 'c'.repeat(51),
        ledgers: [],
        trustingPeriod: 1,
        genesisHash: '0x20',
        rpcs: ['ws://127.0.0.1:1'],
      },
    ],
  };
  assert.deepEqual(
    problemsOf(() => loadApiConfig(writeConfig(config), {})),
    [
      'cometbft[0].trusted.height',
      'cometbft[0].trusted.time',
      'cometbft[2].chainId',
      'cometbft[2].genesisHash',
      'cometbft[2].rpcs[0]',
      'cometbft[2].ledgers',
      'cometbft[2]',
      'cometbft[1].chainId',
      'cometbft[1].ledgers[1].chain',
      'cometbft[1].ledgers[2].chain',
    ],
  );
});

test('a follower needs neither Redis nor coalition, chains or a key', () => {
  const { mode, cometbft, follower, apiClient } = loadFollowerConfig(
    writeConfig({ cometbft: [{ ...followed(), rpcs: ['https://rpc.example.org'] }], follower: { pollMs: 500 } }),
    { PHALANX_API_TOKEN: 'token' },
  );
  assert.deepEqual([mode, follower], ['production', { pollMs: 500 }]);
  assert.equal(cometbft[0]?.id, 'cosmos:cosmoshub-4');
  assert.equal(apiClient.token?.reveal(), 'token');
  assert.deepEqual(
    problemsOf(() => loadFollowerConfig(writeConfig({ follower: { pollMs: 1, keyFile: 'key' } }), {})),
    ['follower.pollMs', 'follower'],
  );
});
