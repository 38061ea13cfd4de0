// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { getAddress, type Hex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { parse, stringify } from 'yaml';
import { cometBftJudgeAbi } from '../../protocol/abi/cometbft-judge.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { verifierRegistryAbi } from '../../protocol/abi/verifier-registry.ts';
import { chainKey } from '../../protocol/chain.ts';
import { cosmosChainId } from '../../protocol/cometbft/caip2.ts';
import { ANVIL_KEYS, startAnvil, type Anvil } from '../../relayer/testing/anvil.ts';
import { loadApiConfig } from '../../runtime/config.ts';
import { DEFAULT_CIRCUITS, prepareKeys } from '../prepare-keys.ts';
import { runInProcess } from '../testing/run-in-process.ts';

/** CometBFT chains of a deployment: with it, and after it. Tests stand on those before them. */
const dir = mkdtempSync(join(tmpdir(), 'phalanx-followed-'));
const DEPLOYER = privateKeyToAddress(ANVIL_KEYS[0]);
/** Anvil's client sends from it. */
const PROPOSER = privateKeyToAddress(ANVIL_KEYS[1]);
const GENESIS_HASH: Hex = `0x${'9e'.repeat(32)}`;
const DELAY = 60;
const CIRCUITS = [...DEFAULT_CIRCUITS, 'ed25519-2'];
let anvil: Anvil;
let signatureKey: Hex;

before(
  async () => {
    const keys = await prepareKeys(CIRCUITS, () => undefined);
    signatureKey = keys[CIRCUITS.indexOf('ed25519-2')]?.manifest.verificationKeyHash ?? assert.fail();
    anvil = await startAnvil('--chain-id', '31337', '--hardfork', 'prague');
    writeFileSync(join(dir, 'deployer.key'), `${ANVIL_KEYS[0]}\n`, { mode: 0o600 });
  },
  { timeout: 600_000 },
);

after(() => anvil?.stop());

const followed = (chainId: string, ageSeconds = 100) => ({
  chainId,
  genesisHash: GENESIS_HASH,
  trustingPeriodSeconds: 1_000,
  unbondingPeriodSeconds: 2_000,
  evidenceMaxAgeBlocks: 3_000,
  evidenceMaxAgeSeconds: 4_000,
  trusted: {
    height: 7,
    time: new Date(Date.now() - ageSeconds * 1_000).toISOString(),
    blockHash: `0x${'b1'.repeat(32)}`,
    appHash: `0x${'a1'.repeat(32)}`,
    nextValidatorsHash: `0x${'c1'.repeat(32)}`,
  },
  rpcs: ['http://127.0.0.1:26657'],
  interval: 5,
});

const options = (...cometbft: object[]) => ({
  role: 'hub',
  chain: 'eip155:31337',
  rpc: anvil.url,
  deployerKeyFile: 'deployer.key',
  interval: 64,
  proposer: PROPOSER,
  guardian: PROPOSER,
  timelockDelaySeconds: DELAY,
  trustingPeriodSeconds: 3_600,
  evidenceWindowSeconds: 3_600,
  unbondingDelaySeconds: 10_800,
  maxDriftSeconds: 600,
  freezeDurationSeconds: 601,
  freezeCooldownSeconds: 602,
  minStakeGwei: 1_000_000_000,
  epochLengthSeconds: 60,
  capacity: 16,
  circuits: CIRCUITS,
  sources: [{ id: 'eip155:31338', genesisHash: `0x${'33'.repeat(32)}`, interval: 64 }],
  cometbft,
});

function write(content: object): string {
  writeFileSync(join(dir, 'deploy.yaml'), stringify(content));
  return join(dir, 'deploy.yaml');
}

interface Record {
  readonly timelock: Hex;
  readonly consensusJudge: Hex;
  readonly verifierRegistry: Hex;
  readonly followed: readonly { readonly chainId: string; readonly ledger: Hex; readonly appStateReader: Hex }[];
  readonly verifiers: readonly { readonly contract: string; readonly keyHash: Hex }[];
}

const recordIn = (folder: string): Record =>
  JSON.parse(readFileSync(join(dir, folder, 'deployment.eip155-31337.json'), 'utf8')) as Record;
const printed = (stdout: string, from: string): { cometbft: { ledgers: object[] }[] } =>
  parse(stdout.slice(stdout.indexOf(from))) as { cometbft: { ledgers: object[] }[] };
const judged = (judge: Hex, chainId: string) =>
  anvil.client.readContract({
    address: judge,
    abi: cometBftJudgeAbi,
    functionName: 'chain',
    args: [chainKey(cosmosChainId(chainId), GENESIS_HASH)],
  });
const verifierOf = async ({ verifierRegistry: address }: Record): Promise<Hex> => {
  const args = [signatureKey] as const;
  return (await anvil.client.readContract({ address, abi: verifierRegistryAbi, functionName: 'entry', args })).verifier;
};

const faults: [string, RegExp, () => object][] = [
  [
    'a state that nothing can be proved from any more',
    /trusted\.time of early-1 .* trustingPeriodSeconds/,
    () => options(followed('early-1', 2_000)),
  ],
  [
    'no ed25519 circuit',
    /circuits lacks one of ed25519-2/,
    () => ({ ...options(followed('early-1')), circuits: [...DEFAULT_CIRCUITS] }),
  ],
];

for (const [name, why, content] of faults)
  test(`a followed chain with ${name} is refused, also in a dry run`, async () => {
    const { code, stderr } = await runInProcess('deploy', '--dry-run', write(content()));
    assert.deepEqual([code, why.test(stderr)], [1, true], stderr);
  });

test('deploy puts light clients on the chain and prints what the configuration says of them', async () => {
  mkdirSync(join(dir, 'with'));
  const file = write(options(followed('first-1'), followed('second-1')));
  const { code, stdout, stderr } = await runInProcess('deploy', '--out', join(dir, 'with'), file);
  assert.equal(code, 0, stderr);
  const record = recordIn('with');
  assert.deepEqual(
    record.followed.map(({ chainId }) => chainId),
    ['first-1', 'second-1'],
  );
  for (const { chainId, ledger: address } of record.followed) {
    assert.equal(
      await anvil.client.readContract({ address, abi: cometBftLedgerAbi, functionName: 'chainId' }),
      chainId,
    );
    const { ledger, ...ages } = await judged(record.consensusJudge, chainId);
    assert.deepEqual([ledger, ages], [getAddress(address), { maxAgeBlocks: 3_000n, maxAgeSeconds: 4_000n }]);
  }
  assert.notEqual(BigInt(await verifierOf(record)), 0n);

  const config = {
    redis: { url: 'redis://127.0.0.1:6379' },
    coalition: { hub: 'eip155:31337', trustingPeriodSeconds: 3_600, evidenceWindowSeconds: 3_600 },
    ...printed(stdout, 'chains:'),
  };
  writeFileSync(join(dir, 'phalanx.yaml'), stringify(config));
  const [first = assert.fail(), second = assert.fail()] = loadApiConfig(join(dir, 'phalanx.yaml'), {}).cometbft;
  assert.deepEqual(
    [first.chainKey, first.interval, first.rpcs, second.ledgers],
    [
      chainKey(cosmosChainId('first-1'), GENESIS_HASH),
      5n,
      ['http://127.0.0.1:26657'],
      [{ chain: 'eip155:31337', address: record.followed[1]?.ledger.toLowerCase() }],
    ],
  );
});

const call = async ({ to, data }: { to: Hex; data: Hex }): Promise<void> => {
  const hash = await anvil.client.sendTransaction({ chain: null, to, data });
  const { status } = await anvil.client.waitForTransactionReceipt({ hash });
  assert.equal(status, 'success');
};

test('a running deployment gets a light client and what proves for it, and the timelock lets both in', async () => {
  mkdirSync(join(dir, 'later'));
  const out = ['--out', join(dir, 'later')];
  const before = await runInProcess('deploy', ...out, write({ ...options(), circuits: [...DEFAULT_CIRCUITS] }));
  assert.equal(before.code, 0, before.stderr);
  assert.equal(BigInt(await verifierOf(recordIn('later'))), 0n);

  const file = write(options(followed('late-1')));
  const sent = await anvil.client.getTransactionCount({ address: DEPLOYER });
  const dry = await runInProcess('cometbft', 'deploy', '--dry-run', ...out, file);
  assert.deepEqual([dry.code, /nothing was sent/.test(dry.stdout)], [0, true], dry.stderr);
  assert.equal(await anvil.client.getTransactionCount({ address: DEPLOYER }), sent);

  const { code, stdout, stderr } = await runInProcess('cometbft', 'deploy', ...out, file);
  assert.equal(code, 0, stderr);
  const record = recordIn('later');
  const [{ ledger: address } = assert.fail()] = record.followed;
  assert.deepEqual(record.verifiers.at(-1)?.keyHash, signatureKey);
  assert.deepEqual(printed(stdout, 'cometbft:').cometbft[0]?.ledgers, [{ chain: 'eip155:31337', address }]);
  const ledger = { address, abi: cometBftLedgerAbi } as const;
  assert.equal(await anvil.client.readContract({ ...ledger, functionName: 'owner' }), getAddress(record.timelock));
  const { freezeDuration, freezeCooldown } = await anvil.client.readContract({ ...ledger, functionName: 'policy' });
  assert.deepEqual([freezeDuration, freezeCooldown], [601, 602]);

  const calls = (word: string) =>
    [...stdout.matchAll(new RegExp(`^${word} +(.*)$`, 'gm'))].map(
      ([, json = '']) => JSON.parse(json) as { to: Hex; data: Hex },
    );
  for (const schedule of calls('schedule')) await call(schedule);
  assert.equal(BigInt((await judged(record.consensusJudge, 'late-1')).ledger), 0n);
  await anvil.client.increaseTime({ seconds: DELAY });
  for (const execute of calls('execute')) await call(execute);
  assert.equal((await judged(record.consensusJudge, 'late-1')).ledger, getAddress(address));
  assert.notEqual(BigInt(await verifierOf(record)), 0n);

  const again = await runInProcess('cometbft', 'deploy', ...out, file);
  assert.deepEqual([again.code, /no chain that the record does not have/.test(again.stderr)], [1, true], again.stderr);
});

test('another ledger of a chain that the judge knows is not deployed, nor one beside a record of another chain', async () => {
  const file = join(dir, 'later', 'deployment.eip155-31337.json');
  const record = readFileSync(file, 'utf8');
  const run = () => runInProcess('cometbft', 'deploy', '--out', join(dir, 'later'), write(options(followed('late-1'))));
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(record) as object), followed: [] }));
  const known = await run();
  assert.deepEqual([known.code, /knows late-1 already, by ledger 0x/.test(known.stderr)], [1, true], known.stderr);
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(record) as object), followed: [], genesisHash: GENESIS_HASH }));
  const other = await run();
  assert.deepEqual([other.code, /genesis block 0x9e/.test(other.stderr)], [1, true], other.stderr);
});
