// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { ConfigError } from './config-error.ts';
import {
  loadApiConfig,
  loadAttesterConfig,
  loadFollowerConfig,
  loadRelayerConfig,
  loadWatcherConfig,
  loadWorkerConfig,
} from './config.ts';

const dir = mkdtempSync(join(tmpdir(), 'phalanx-config-'));
const KEY = `0x${'0a'.repeat(32)}`;

const chain = (id: string): Record<string, unknown> => ({
  id,
  genesisHash: `0x${'11'.repeat(32)}`,
  rpcs: ['http://127.0.0.1:8545'],
  interval: 64,
  contracts: { ledger: `0x${'01'.repeat(20)}`, stateReader: `0x${'02'.repeat(20)}`, coalition: `0x${'03'.repeat(20)}` },
});

const valid = () => ({
  redis: { url: 'redis://127.0.0.1:6379' } as Record<string, unknown>,
  coalition: { hub: 'eip155:1', trustingPeriodSeconds: 100, evidenceWindowSeconds: 50 } as Record<string, unknown>,
  chains: [chain('eip155:1'), chain('eip155:2')],
  api: {} as Record<string, unknown>,
  relayer: {} as Record<string, unknown>,
  attester: { recordFile: 'record' } as Record<string, unknown>,
});

function write(config: unknown): string {
  const file = join(mkdtempSync(join(dir, 'case-')), 'phalanx.yaml');
  writeFileSync(file, stringify(config));
  return file;
}

function problemsOf(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems.map(({ path }) => path);
  }
  assert.fail('loaded');
}

test('each role loads from the same file, frozen to the depth', () => {
  const file = write(valid());
  const api = loadApiConfig(file, {});
  assert.equal(api.api.host, '127.0.0.1');
  assert.equal(api.chains[0]?.interval, 64n);
  assert.equal(api.mode, 'development');
  assert.notEqual(api.coalition.attestationDomain, api.coalition.registrationDomain);
  assert.ok(Object.isFrozen(api.chains[0]?.contracts));
  loadWorkerConfig(file, {});
  loadWatcherConfig(file, {});
  loadRelayerConfig(file, { PHALANX_RELAYER_KEY: KEY });
  assert.equal(loadAttesterConfig(file, { PHALANX_ATTESTER_KEY: KEY }).key.reveal(), KEY);
});

test('a worker needs no more than Redis, and then takes itself for production', () => {
  const file = write({ redis: { url: 'redis://127.0.0.1:6379' } });
  const config = loadWorkerConfig(file, {});
  assert.equal(config.mode, 'production');
  assert.equal(config.worker.concurrency, 1);
  assert.deepEqual(
    problemsOf(() => loadApiConfig(file, {})),
    ['coalition', 'chains'],
  );
});

test('reports every problem at once, each with its path', () => {
  const config = valid();
  config.chains[0]!['interval'] = 0;
  config.chains[1]!['rpcs'] = ['ftp://x'];
  config.api['prot'] = 1;
  config.coalition['share'] = 19_999;
  // Bounds between fields, though other fields of the same parts are wrong.
  config.coalition['hub'] = 'eip155:3';
  config.chains[0]!['rpcQuorum'] = 2;
  config.api['host'] = '0.0.0.0';
  config.api['auth'] = { kind: 'none' };
  const paths = problemsOf(() => loadApiConfig(write(config), {}));
  assert.deepEqual([...paths].sort(), [
    'api',
    'api.host',
    'chains[0].interval',
    'chains[0].rpcQuorum',
    'chains[1].rpcs[0]',
    'coalition.hub',
    'coalition.share',
  ]);
});

test('reports what is wrong with fields, with sections and with secrets in one go', () => {
  const config = valid();
  config.chains[0]!['interval'] = 0;
  config.api['auth'] = { kind: 'bearer', tokensFile: 'tokens' };
  config.redis['passwordFile'] = 'redis.password';
  const { coalition: _, ...file } = config;
  const beside = write({ ...file, relayer: { keyFile: 'relayer.key', destinations: ['eip155:1', 'eip155:3'] } });
  assert.deepEqual(problemsOf(() => loadApiConfig(beside, {})).sort(), [
    'api.auth.tokensFile',
    'chains[0].interval',
    'coalition',
    'redis.passwordFile',
    'relayer.destinations[1]',
  ]);
  writeFileSync(join(beside, '..', 'relayer.key'), 'no key', { mode: 0o644 });
  assert.deepEqual(problemsOf(() => loadRelayerConfig(beside, {})).sort(), [
    'chains[0].interval',
    'coalition',
    'redis.passwordFile',
    'relayer.destinations[1]',
    'relayer.keyFile',
  ]);
  const empty = write({ worker: { concurrency: 0 }, attester: { pollMs: 1, keyFile: 5 } });
  assert.deepEqual(problemsOf(() => loadWorkerConfig(empty, {})).sort(), [
    'attester.keyFile',
    'attester.pollMs',
    'attester.recordFile',
    'redis',
    'worker.concurrency',
  ]);
  assert.deepEqual(problemsOf(() => loadAttesterConfig(empty, { PHALANX_ATTESTER_KEY: '0x12' })).sort(), [
    'attester.keyFile',
    'attester.keyFile',
    'attester.pollMs',
    'attester.recordFile',
    'chains',
    'coalition',
    'worker.concurrency',
  ]);
});

test('a file that is empty, or no object, still tells what the role lacks', () => {
  for (const content of ['', '5', '[]']) {
    const file = write({});
    writeFileSync(file, content);
    assert.deepEqual(
      problemsOf(() => loadAttesterConfig(file, {})),
      ['', 'coalition', 'chains', 'attester', 'attester.keyFile'],
      content,
    );
  }
});

const faults: [string, string, (config: ReturnType<typeof valid>) => void][] = [
  ['a hub that is no chain of the file', 'coalition.hub', (c) => (c.coalition['hub'] = 'eip155:3')],
  ['the same chain twice', 'chains[1].id', (c) => (c.chains[1]!['id'] = 'eip155:1')],
  ['a quorum above the number of RPCs', 'chains[0].rpcQuorum', (c) => (c.chains[0]!['rpcQuorum'] = 2)],
  [
    'a destination that is no chain of the file',
    'relayer.destinations[1]',
    (c) => (c.relayer['destinations'] = ['eip155:2', 'eip155:3']),
  ],
  ['a share of one', 'coalition.share', (c) => (c.coalition['share'] = 30_000)],
  ['a password in the Redis URL', 'redis.url', (c) => (c.redis['url'] = 'redis://u:p@h:1')],
  [
    'development mode with a remote RPC',
    'chains[1].rpcs[0]',
    (c) => {
      Object.assign(c, { mode: 'development' });
      c.chains[1]!['rpcs'] = ['https://rpc.example.org'];
    },
  ],
  ['an open interface without authentication', 'api.host', (c) => (c.api['host'] = '0.0.0.0')],
];

for (const [name, path, corrupt] of faults)
  test(`refuses ${name}`, () => {
    const config = valid();
    loadApiConfig(write(config), {});
    corrupt(config);
    assert.deepEqual(
      problemsOf(() => loadApiConfig(write(config), {})),
      [path],
    );
  });

test('an open interface with bearer tokens is admitted, a short token is not', () => {
  const config = valid();
  config.api = { host: '0.0.0.0', auth: { kind: 'bearer' } };
  const file = write(config);
  assert.equal(loadApiConfig(file, { PHALANX_API_TOKENS: `${'a'.repeat(32)} ${'b'.repeat(32)}` }).tokens.length, 2);
  assert.deepEqual(
    problemsOf(() => loadApiConfig(file, { PHALANX_API_TOKENS: 'short' })),
    ['api.auth.tokensFile'],
  );
  assert.deepEqual(
    problemsOf(() => loadApiConfig(file, {})),
    ['api.auth.tokensFile'],
  );
});

test('any RPC that is not on this machine means production', () => {
  const config = valid();
  config.chains[1]!['rpcs'] = ['https://rpc.example.org'];
  assert.equal(loadApiConfig(write(config), {}).mode, 'production');
});

test('reads a key file of mode 0600 beside the configuration, refuses one that others can read', () => {
  const config = valid();
  config.relayer['keyFile'] = 'relayer.key';
  const file = write(config);
  const keyFile = join(file, '..', 'relayer.key');
  writeFileSync(keyFile, `${KEY}\n`, { mode: 0o600 });
  assert.equal(loadRelayerConfig(file, {}).key.reveal(), KEY);
  chmodSync(keyFile, 0o640);
  assert.deepEqual(
    problemsOf(() => loadRelayerConfig(file, {})),
    ['relayer.keyFile'],
  );
});

test('refuses a role without its key, or with one of another form', () => {
  const file = write(valid());
  assert.deepEqual(
    problemsOf(() => loadAttesterConfig(file, {})),
    ['attester.keyFile'],
  );
  assert.deepEqual(
    problemsOf(() => loadAttesterConfig(file, { PHALANX_ATTESTER_KEY: '0x12' })),
    ['attester.keyFile'],
  );
});

test('a secret is not printed by JSON, templates or inspection', () => {
  const { key } = loadRelayerConfig(write(valid()), { PHALANX_RELAYER_KEY: KEY });
  for (const text of [JSON.stringify({ key }), `${key}`, inspect({ key }), inspect(key, { showHidden: true })]) {
    assert.ok(!text.includes('0a0a'), text);
  }
});

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
  assert.deepEqual(loadApiConfig(write(valid()), {}).cometbft, []);
  const { cometbft } = loadApiConfig(write({ ...valid(), cometbft: [followed()] }), {});
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
  const { mode, cometbft: loaded } = loadApiConfig(write({ ...valid(), cometbft }), {});
  assert.deepEqual([mode, loaded[0]?.interval], ['production', 100n]);
  assert.deepEqual(
    problemsOf(() => loadApiConfig(write({ ...valid(), cometbft, mode: 'development' }), {})),
    ['cometbft[0].rpcs[1]'],
  );
});

test('followed chains: every problem at once', () => {
  const ledger = (chain: string) => ({ chain, address: `0x${'04'.repeat(20)}` });
  const config = {
    ...valid(),
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
    problemsOf(() => loadApiConfig(write(config), {})),
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
    write({ cometbft: [{ ...followed(), rpcs: ['https://rpc.example.org'] }], follower: { pollMs: 500 } }),
    { PHALANX_API_TOKEN: 'token' },
  );
  assert.deepEqual([mode, follower], ['production', { pollMs: 500 }]);
  assert.equal(cometbft[0]?.id, 'cosmos:cosmoshub-4');
  assert.equal(apiClient.token?.reveal(), 'token');
  assert.deepEqual(
    problemsOf(() => loadFollowerConfig(write({ follower: { pollMs: 1, keyFile: 'key' } }), {})),
    ['follower.pollMs', 'follower'],
  );
});
