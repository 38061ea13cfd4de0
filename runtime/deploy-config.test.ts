// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { ConfigError } from './config-error.ts';
import { loadDeployConfig } from './deploy-config.ts';

const dir = mkdtempSync(join(tmpdir(), 'phalanx-deploy-config-'));
const KEY = `0x${'0b'.repeat(32)}`;
const address = (byte: string): string => `0x${byte.repeat(20)}`;

const followed = (chainId: string) => ({
  chainId,
  genesisHash: `0x${'55'.repeat(32)}`,
  trustingPeriodSeconds: 10,
  unbondingPeriodSeconds: 11,
  evidenceMaxAgeBlocks: 1,
  evidenceMaxAgeSeconds: 1,
  trusted: {
    height: 1,
    time: '2026-01-31T12:00:00.5Z',
    blockHash: `0x${'66'.repeat(32)}`,
    appHash: `0x${'77'.repeat(32)}`,
    nextValidatorsHash: `0x${'88'.repeat(32)}`,
  },
  rpcs: ['http://127.0.0.1:26657'],
});

const valid = () => ({
  role: 'destination',
  chain: 'eip155:2',
  rpc: 'http://127.0.0.1:8545',
  interval: 64,
  proposer: address('11'),
  guardian: address('22'),
  timelockDelaySeconds: 60,
  trustingPeriodSeconds: 100,
  evidenceWindowSeconds: 50,
  unbondingDelaySeconds: 151,
  maxDriftSeconds: 10,
  freezeDurationSeconds: 61,
  freezeCooldownSeconds: 61,
  minStakeGwei: 1,
  sources: [{ id: 'eip155:1', genesisHash: `0x${'33'.repeat(32)}`, interval: 8 }],
  cometbft: [followed('cosmoshub-4')],
  hub: { id: 'eip155:1', rpc: 'http://localhost:8546', coalition: address('44') } as Record<string, unknown>,
});

type Options = ReturnType<typeof valid>;

function write(options: unknown): string {
  const file = join(mkdtempSync(join(dir, 'case-')), 'deploy.yaml');
  writeFileSync(file, stringify(options));
  return file;
}

function problemsOf(file: string, keyNeeded = false): string[] {
  try {
    loadDeployConfig(file, keyNeeded, {});
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems.map(({ path }) => path).sort();
  }
  return [];
}

test('loads for a destination and for a hub, frozen; the deployer key comes from the environment or a file', () => {
  const file = write(valid());
  const { options, mode, key } = loadDeployConfig(file, true, { PHALANX_DEPLOYER_KEY: KEY });
  assert.equal(mode, 'development');
  assert.equal(key?.reveal(), KEY);
  assert.ok(Object.isFrozen(options.sources[0]));
  assert.deepEqual(problemsOf(file, true), ['deployerKeyFile']);
  const { hub: _, ...common } = valid();
  const hub = write({ ...common, role: 'hub', epochLengthSeconds: 99, capacity: 64, deployerKeyFile: 'deployer.key' });
  assert.deepEqual(problemsOf(hub), []);
  writeFileSync(join(hub, '..', 'deployer.key'), `${KEY}\n`, { mode: 0o600 });
  assert.equal(loadDeployConfig(hub, true, {}).key?.reveal(), KEY);
});

test('any RPC that is not on this machine means production', () => {
  for (const remote of [
    { rpc: 'https://rpc.example.org' },
    { hub: { ...valid().hub, rpc: 'https://rpc.example.org' } },
    { cometbft: [{ ...followed('cosmoshub-4'), rpcs: ['https://rpc.example.org'] }] },
  ]) {
    assert.equal(loadDeployConfig(write({ ...valid(), ...remote }), false, {}).mode, 'production');
  }
});

test('reports every problem at once, of the fields and of what ties them together', () => {
  const fields = { ...valid(), chain: 'two', proposer: address('00'), penaltyBps: 10_001, typo: 1 };
  assert.deepEqual(problemsOf(write(fields)), ['', 'chain', 'penaltyBps', 'proposer']);
  // The ties of what can be read, and the key, whatever else is wrong.
  assert.deepEqual(problemsOf(write({ ...fields, chain: 'eip155:1', unbondingDelaySeconds: 150 }), true), [
    '',
    'deployerKeyFile',
    'hub.id',
    'penaltyBps',
    'proposer',
    'sources[0].id',
    'unbondingDelaySeconds',
  ]);
  const ties = { ...valid(), unbondingDelaySeconds: 150, freezeDurationSeconds: 60, chain: 'eip155:1' };
  assert.deepEqual(problemsOf(write(ties), true), [
    'deployerKeyFile',
    'freezeDurationSeconds',
    'hub.id',
    'sources[0].id',
    'unbondingDelaySeconds',
  ]);
});

const faults: [string, string, (options: Options) => void][] = [
  [
    'an address whose checksum is wrong',
    'guardian',
    (o) => (o.guardian = '0xF39fd6e51aad88F6F4ce6aB8827279cffFb92266'),
  ],
  [
    'a timelock as long as unbonding',
    'timelockDelaySeconds',
    (o) => Object.assign(o, { timelockDelaySeconds: 151, freezeDurationSeconds: 152 }),
  ],
  ['a source that stands twice', 'sources[1].id', (o) => o.sources.push(...o.sources)],
  ['a hub that is no source, whose sets could never rotate', 'hub.id', (o) => (o.hub['id'] = 'eip155:3')],
  [
    'development with a remote RPC of the hub',
    'hub.rpc',
    (o) => Object.assign(o, { mode: 'development' }) && (o.hub['rpc'] = 'https://rpc.example.org'),
  ],
  [
    'a followed chain trusted for as long as it unbonds',
    'cometbft[0].trustingPeriodSeconds',
    (o) => Object.assign(o.cometbft[0] ?? {}, { trustingPeriodSeconds: 11 }),
  ],
  ['a followed chain that stands twice', 'cometbft[1].chainId', (o) => o.cometbft.push(...o.cometbft)],
  [
    'evidence of a followed chain that is always too old',
    'cometbft[0].evidenceMaxAgeBlocks',
    (o) => Object.assign(o.cometbft[0] ?? {}, { evidenceMaxAgeBlocks: 0 }),
  ],
  [
    'development with a remote node of a followed chain',
    'cometbft[0].rpcs[0]',
    (o) => Object.assign(o, { mode: 'development' }) && o.cometbft[0]?.rpcs.splice(0, 1, 'https://rpc.example.org'),
  ],
  ['a websocket', 'rpc', (o) => (o.rpc = 'ws://127.0.0.1:8545')],
];

for (const [name, path, corrupt] of faults)
  test(`refuses ${name}`, () => {
    const options = valid();
    assert.deepEqual(problemsOf(write(options)), []);
    corrupt(options);
    assert.deepEqual(problemsOf(write(options)), [path]);
  });

test('a hub may not seal as rarely as its sets expire', () => {
  const { hub: _, ...common } = valid();
  const hub = { ...common, role: 'hub', capacity: 16 };
  assert.deepEqual(problemsOf(write({ ...hub, epochLengthSeconds: 99 })), []);
  assert.deepEqual(problemsOf(write({ ...hub, epochLengthSeconds: 100 })), ['epochLengthSeconds']);
});

test('addresses and hashes need no quotes', () => {
  const file = write(valid());
  const { proposer, ...rest } = valid();
  writeFileSync(file, `proposer: ${proposer}\n${stringify(rest)}`);
  assert.equal(loadDeployConfig(file, false, {}).options.proposer, proposer);
});
