// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { loadApiConfig, loadAttesterConfig, loadRelayerConfig, loadWatcherConfig, loadWorkerConfig } from './config.ts';
import { problemsOf, validConfig, writeConfig } from './testing/config-file.ts';

const KEY = `0x${'0a'.repeat(32)}`;

test('each role loads from the same file, frozen to the depth', () => {
  const file = writeConfig(validConfig());
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
  const file = writeConfig({ redis: { url: 'redis://127.0.0.1:6379' } });
  const config = loadWorkerConfig(file, {});
  assert.equal(config.mode, 'production');
  assert.equal(config.worker.concurrency, 1);
  assert.deepEqual(
    problemsOf(() => loadApiConfig(file, {})),
    ['coalition', 'chains'],
  );
});

test('reports every problem at once, each with its path', () => {
  const config = validConfig();
  config.chains[0]!['interval'] = 0;
  config.chains[1]!['rpcs'] = ['ftp://x'];
  config.api['prot'] = 1;
  config.coalition['share'] = 19_999;
  // Bounds between fields, though other fields of the same parts are wrong.
  config.coalition['hub'] = 'eip155:3';
  config.chains[0]!['rpcQuorum'] = 2;
  config.api['host'] = '0.0.0.0';
  config.api['auth'] = { kind: 'none' };
  const paths = problemsOf(() => loadApiConfig(writeConfig(config), {}));
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
  const config = validConfig();
  config.chains[0]!['interval'] = 0;
  config.api['auth'] = { kind: 'bearer', tokensFile: 'tokens' };
  config.redis['passwordFile'] = 'redis.password';
  const { coalition: _, ...file } = config;
  const beside = writeConfig({ ...file, relayer: { keyFile: 'relayer.key', destinations: ['eip155:1', 'eip155:3'] } });
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
  const empty = writeConfig({ worker: { concurrency: 0 }, attester: { pollMs: 1, keyFile: 5 } });
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
    const file = writeConfig({});
    writeFileSync(file, content);
    assert.deepEqual(
      problemsOf(() => loadAttesterConfig(file, {})),
      ['', 'coalition', 'chains', 'attester', 'attester.keyFile'],
      content,
    );
  }
});

const faults: [string, string, (config: ReturnType<typeof validConfig>) => void][] = [
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
    const config = validConfig();
    loadApiConfig(writeConfig(config), {});
    corrupt(config);
    assert.deepEqual(
      problemsOf(() => loadApiConfig(writeConfig(config), {})),
      [path],
    );
  });

test('an open interface with bearer tokens is admitted, a short token is not', () => {
  const config = validConfig();
  config.api = { host: '0.0.0.0', auth: { kind: 'bearer' } };
  const file = writeConfig(config);
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
  const config = validConfig();
  config.chains[1]!['rpcs'] = ['https://rpc.example.org'];
  assert.equal(loadApiConfig(writeConfig(config), {}).mode, 'production');
});

test('reads a key file of mode 0600 beside the configuration, refuses one that others can read', () => {
  const config = validConfig();
  config.relayer['keyFile'] = 'relayer.key';
  const file = writeConfig(config);
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
  const file = writeConfig(validConfig());
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
  const { key } = loadRelayerConfig(writeConfig(validConfig()), { PHALANX_RELAYER_KEY: KEY });
  for (const text of [JSON.stringify({ key }), `${key}`, inspect({ key }), inspect(key, { showHidden: true })]) {
    assert.ok(!text.includes('0a0a'), text);
  }
});
