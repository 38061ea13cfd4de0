// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { numberToHex, type Hex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { parse, stringify } from 'yaml';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { ANVIL_KEYS, startAnvil, type Anvil } from '../../relayer/testing/anvil.ts';
import { loadDeployConfig } from '../../runtime/deploy-config.ts';
import { loadRegisterConfig } from '../../runtime/config.ts';
import { EXAMPLE } from '../commands/deploy.ts';
import { DEFAULT_CIRCUITS, prepareKeys } from '../prepare-keys.ts';
import { runInProcess } from '../testing/run-in-process.ts';
import { requireComparedAnchor } from './require-compared-anchor.ts';

/*
 * The way of a coalition onto its chains, in order: hub, a validator, the first epoch, another chain. Each test stands
 * on the one before it.
 */
const dir = mkdtempSync(join(tmpdir(), 'phalanx-operations-'));
const path = (name: string): string => join(dir, name);
const OWNER = privateKeyToAddress(ANVIL_KEYS[0]);
const OPERATOR = privateKeyToAddress(ANVIL_KEYS[1]);
const STAKE_GWEI = '5000000000';
let hub: Anvil;
let other: Anvil;
let genesis: { hub: Hex; other: Hex };

before(async () => {
  await prepareKeys(DEFAULT_CIRCUITS, () => undefined);
  // Begun in the same second they would have the same genesis block.
  const start = (id: number, ageSeconds: number): Promise<Anvil> =>
    startAnvil(
      '--chain-id',
      `${id}`,
      '--hardfork',
      'prague',
      '--timestamp',
      `${Math.floor(Date.now() / 1000) - ageSeconds}`,
    );
  [hub, other] = await Promise.all([start(31_337, 100), start(31_338, 0)]);
  const hashOf = async ({ client }: Anvil): Promise<Hex> => (await client.getBlock({ blockNumber: 0n })).hash;
  genesis = { hub: await hashOf(hub), other: await hashOf(other) };
  writeFileSync(path('deployer.key'), `${ANVIL_KEYS[0]}\n`, { mode: 0o600 });
  writeFileSync(path('operator.key'), `${ANVIL_KEYS[1]}\n`, { mode: 0o600 });
});

after(() => Promise.all([hub?.stop(), other?.stop()]));

const common = () => ({
  deployerKeyFile: 'deployer.key',
  interval: 64,
  proposer: OWNER,
  guardian: OWNER,
  timelockDelaySeconds: 60,
  trustingPeriodSeconds: 3_600,
  evidenceWindowSeconds: 3_600,
  unbondingDelaySeconds: 10_800,
  maxDriftSeconds: 600,
  freezeDurationSeconds: 600,
  freezeCooldownSeconds: 600,
  minStakeGwei: 1_000_000_000,
});

const hubOptions = () => ({
  ...common(),
  role: 'hub',
  chain: 'eip155:31337',
  rpc: hub.url,
  epochLengthSeconds: 60,
  capacity: 16,
  sources: [{ id: 'eip155:31338', genesisHash: genesis.other, interval: 64 }],
});

const destinationOptions = () => ({
  ...common(),
  role: 'destination',
  chain: 'eip155:31338',
  rpc: other.url,
  sources: [{ id: 'eip155:31337', genesisHash: genesis.hub, interval: 64 }],
  hub: { id: 'eip155:31337', rpc: hub.url, coalition: hubEntry().contracts.coalition as string } as Record<
    string,
    unknown
  >,
});

function write(name: string, content: unknown): string {
  writeFileSync(path(name), stringify(content));
  return path(name);
}

interface ChainEntry {
  readonly id: string;
  readonly contracts: Record<'ledger' | 'stateReader' | 'coalition', Hex>;
}

let hubOutput = '';

/** As the command printed it for phalanx.yaml. */
function entryOf(stdout: string): ChainEntry {
  const { chains } = parse(stdout.slice(stdout.indexOf('chains:'))) as { chains: [ChainEntry] };
  return chains[0];
}

const hubEntry = (): ChainEntry => entryOf(hubOutput);
const writeConfig = (...chains: unknown[]): string =>
  write('phalanx.yaml', {
    coalition: { hub: 'eip155:31337', trustingPeriodSeconds: 3_600, evidenceWindowSeconds: 3_600 },
    chains,
    attester: { keyFile: 'validator.key', recordFile: 'record' },
  });
const nonceOf = ({ client }: Anvil): Promise<number> => client.getTransactionCount({ address: OWNER });

test('the example in the help is good', () => {
  writeFileSync(path('example.yaml'), EXAMPLE);
  const { mode, options } = loadDeployConfig(path('example.yaml'), false, {});
  assert.equal(mode, 'production');
  assert.equal(options.role, 'destination');
});

test('in production the options name the anchor', () => {
  const commitment = (text: string): void =>
    writeFileSync(path('example.yaml'), EXAMPLE.replace('# commitment: 0x...', text));
  const check = (): void => requireComparedAnchor(loadDeployConfig(path('example.yaml'), false, {}), 5n);
  commitment('');
  assert.throws(check, /hub\.commitment: 0x0{63}5/);
  commitment(`commitment: 0x${'0'.repeat(63)}6`);
  assert.throws(check, /hub\.commitment/);
  commitment(`commitment: 0x${'0'.repeat(63)}5`);
  check();
});

test('a deployment by way of the wrong chain, or with development keys in production, sends nothing', async () => {
  const wrong = await runInProcess('deploy', write('wrong.yaml', { ...hubOptions(), rpc: other.url }));
  assert.deepEqual([wrong.code, /serves eip155:31338/.test(wrong.stderr)], [1, true], wrong.stderr);
  const production = await runInProcess('deploy', write('production.yaml', { ...hubOptions(), mode: 'production' }));
  assert.deepEqual([production.code, /development key/.test(production.stderr)], [1, true], production.stderr);
  const dry = await runInProcess(
    'deploy',
    '--dry-run',
    write('dry.yaml', { ...hubOptions(), deployerKeyFile: undefined }),
  );
  assert.deepEqual([dry.code, /nothing was sent/.test(dry.stdout)], [0, true], dry.stderr);
  assert.equal(await nonceOf(hub), 0);
  assert.equal(await nonceOf(other), 0);
});

test('deploys a hub, records it and prints an entry that the configuration takes; never twice', async () => {
  const file = write('hub.yaml', hubOptions());
  const { code, stdout, stderr } = await runInProcess('deploy', file);
  assert.equal(code, 0, stderr);
  assert.ok(!stdout.includes(ANVIL_KEYS[0].slice(2)));
  hubOutput = stdout;
  const record = JSON.parse(readFileSync(path('deployment.eip155-31337.json'), 'utf8')) as Record<string, string>;
  const { ledger, coalition } = hubEntry().contracts;
  assert.equal(record['ledger']?.toLowerCase(), ledger);
  const address = await hub.client.readContract({
    address: ledger,
    abi: checkpointLedgerAbi,
    functionName: 'hubCoalition',
  });
  assert.equal(address.toLowerCase(), coalition);

  const sent = await nonceOf(hub);
  const again = await runInProcess('deploy', file);
  assert.deepEqual([again.code, /exists already/.test(again.stderr)], [1, true]);
  assert.equal(await nonceOf(hub), sent);
});

const register = (...words: string[]) =>
  runInProcess('register', '-c', path('phalanx.yaml'), '--chain', 'eip155:31337', ...words);

test('prints a registration that its operator can send from anywhere, without the operator key', async () => {
  writeConfig(hubEntry());
  await runInProcess('key', 'new', path('validator.key'));
  assert.equal((await register('--stake', STAKE_GWEI, '--operator', OPERATOR)).code, 2);
  const { code, stdout, stderr } = await register('--stake', STAKE_GWEI, '--dry-run', '--operator', OPERATOR);
  assert.equal(code, 0, stderr);
  const call = JSON.parse(stdout) as { from: string; to: Hex; value: string; data: Hex };
  assert.equal(call.from, OPERATOR);
  assert.equal(call.value, `${STAKE_GWEI}000000000`);
  assert.equal(call.to.toLowerCase(), hubEntry().contracts.coalition);
  await hub.client.call({ account: OPERATOR, to: call.to, data: call.data, value: BigInt(call.value) });
  await assert.rejects(hub.client.call({ account: OWNER, to: call.to, data: call.data, value: BigInt(call.value) }));
});

test('says what the Coalition finds wrong, and refuses development keys in production', async () => {
  const small = await register('--stake', '1', '--operator-key', path('operator.key'));
  assert.deepEqual([small.code, /StakeTooSmall\(1, 1000000000\)/.test(small.stderr)], [1, true], small.stderr);
  const foreign = await register('--stake', '0.5');
  assert.equal(foreign.code, 2);
  writeFileSync(path('phalanx.yaml'), `mode: production\n${readFileSync(path('phalanx.yaml'), 'utf8')}`);
  const production = await register('--stake', STAKE_GWEI, '--operator-key', path('operator.key'));
  assert.deepEqual([production.code, /development key/.test(production.stderr)], [1, true], production.stderr);
  writeConfig({ ...hubEntry(), genesisHash: genesis.other });
  const fork = await register('--stake', STAKE_GWEI, '--operator-key', path('operator.key'));
  assert.deepEqual([fork.code, /another genesis block/.test(fork.stderr)], [1, true], fork.stderr);
});

test('registers the key with its stake, once', async () => {
  writeConfig(hubEntry());
  const { code, stdout, stderr } = await register('--stake', STAKE_GWEI, '--operator-key', path('operator.key'));
  assert.equal(code, 0, stderr);
  assert.match(stdout, /registered .* with 5000000000 gwei/);
  const { coalition } = hubEntry().contracts;
  const [stakeGwei] = await hub.client.readContract({
    address: coalition,
    abi: hubCoalitionAbi,
    functionName: 'totals',
  });
  assert.equal(String(stakeGwei), STAKE_GWEI);
  const again = await register('--stake', STAKE_GWEI, '--operator-key', path('operator.key'));
  assert.deepEqual([again.code, /KeyKnown/.test(again.stderr)], [1, true], again.stderr);
});

test('the operator key comes from the environment too, and is asked for only where it is needed', () => {
  const file = writeConfig(hubEntry());
  assert.equal(
    loadRegisterConfig(file, { needed: true }, { PHALANX_OPERATOR_KEY: ANVIL_KEYS[1] }).operatorKey?.reveal(),
    ANVIL_KEYS[1],
  );
  assert.equal(loadRegisterConfig(file, { needed: false }, {}).operatorKey, undefined);
  assert.throws(() => loadRegisterConfig(file, { needed: true }, {}), /PHALANX_OPERATOR_KEY/);
});

test('a destination is anchored in what the hub sealed, and in nothing else', async () => {
  const early = await runInProcess('deploy', write('other.yaml', destinationOptions()));
  assert.deepEqual([early.code, /not sealed an epoch/.test(early.stderr)], [1, true], early.stderr);

  const { coalition: address } = hubEntry().contracts;
  const sealing = await hub.client.writeContract({
    chain: null,
    address,
    abi: hubCoalitionAbi,
    functionName: 'sealEpoch',
  });
  await hub.client.waitForTransactionReceipt({ hash: sealing });
  const { commitment } = await hub.client.readContract({ address, abi: hubCoalitionAbi, functionName: 'latestEpoch' });
  const set = numberToHex(commitment, { size: 32 });

  const options = destinationOptions();
  const refused: [RegExp, object][] = [
    [/never sealed/, { hub: { ...options.hub, commitment: `0x${'05'.repeat(32)}` } }],
    [/has genesis block/, { sources: [{ ...options.sources[0], genesisHash: genesis.other }] }],
    [/reading the hub's Coalition/, { hub: { ...options.hub, coalition: OWNER } }],
    [/longer than the hub's/, { trustingPeriodSeconds: 3_601 }],
  ];
  for (const [why, fault] of refused) {
    const { code, stderr } = await runInProcess('deploy', write('refused.yaml', { ...options, ...fault }));
    assert.equal(code, 1);
    assert.match(stderr, why);
  }
  assert.equal(await nonceOf(other), 0);

  const { code, stdout, stderr } = await runInProcess('deploy', path('other.yaml'));
  assert.equal(code, 0, stderr);
  assert.ok(stdout.includes(set));
  const { ledger } = entryOf(stdout).contracts;
  const [trusted] = await other.client.readContract({
    address: ledger,
    abi: checkpointLedgerAbi,
    functionName: 'latestSet',
  });
  assert.equal(trusted, commitment);
});
