// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bech32 } from '@scure/base';
import { zeroHash, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { KeyArtifacts } from '../../circuits/artifacts.ts';
import { cometBftJudgeAbi } from '../../protocol/abi/cometbft-judge.ts';
import { fromHex, toHex } from '../../protocol/bytes.ts';
import { accountOfKey } from '../../protocol/cometbft/account-address.ts';
import { headerHash } from '../../protocol/cometbft/header.ts';
import { signDataDocument } from '../../protocol/cometbft/sign-data.ts';
import { stakingKey } from '../../protocol/cometbft/staking-record.ts';
import {
  TEST_CHAIN,
  testBlock,
  testCommit,
  testValidator,
  testValidators,
} from '../../protocol/cometbft/testing/generated-chain.ts';
import { commitAnswer } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { stakingState } from '../../protocol/cometbft/testing/staking-state.ts';
import { ANVIL_KEYS } from '../../relayer/testing/anvil.ts';
import { DEFAULT_CIRCUITS, prepareKeys } from '../prepare-keys.ts';
import { BindingFixture, OPERATOR_KEYS, OPERATORS, refused, type Sections } from '../testing/binding-fixture.ts';
import type { Outcome } from '../testing/run-phalanx.ts';

/*
 * Consensus keys bound on a real Coalition, by the commands that operators use: by a proof of the key's own signature,
 * and by the chain's staking record with its operator's signature.
 */
/** Of a validator, by its number: its operator's account on the Cosmos chain. */
const accountSecret = (i: number): Uint8Array => new Uint8Array(32).fill(i + 1, 31);
const accountKey = (i: number): Hex => toHex(secp256k1.getPublicKey(accountSecret(i), true));
const accountText = (i: number, prefix = 'cosmos'): string =>
  bech32.encode(prefix, bech32.toWords(fromHex(accountOfKey(accountKey(i)))));
const remote = [testValidator('remote/0', 1n), testValidator('remote/1', 1n)] as const;
const staked = (i: 0 | 1) => ({
  account: accountOfKey(accountKey(i)),
  operatorAddress: accountText(i, 'cosmosvaloper'),
  consensusKey: remote[i].key,
});

/** Of all headers: a moment ago. */
const TIME_NS = BigInt(Date.now() - 60_000) * 1_000_000n;
/** The header of height 10 carries the state after block 9. */
const state = stakingState(9n, [staked(0), staked(1)]);
const block = (appHash: Hex, height = 10n, chainId = TEST_CHAIN) => {
  const validators = testValidators('chain', [1n, 1n, 1n, 1n]);
  const header = { ...testBlock({ height, validators, timeNs: TIME_NS }).header, appHash, chainId };
  const id = { hash: headerHash(header), parts: { total: 1, hash: zeroHash } };
  return { header, commit: testCommit({ height, validators }, header, id) };
};
const HEADER = block(state.appHash).header;

let system: BindingFixture;
let key: KeyArtifacts;

before(async () => {
  key = (await prepareKeys(['ed25519-2', ...DEFAULT_CIRCUITS], () => undefined))[0] ?? assert.fail();
  system = await BindingFixture.start(HEADER);
});
after(() => system?.stop());

const local = testValidator('local', 1n);
function writeKeyFile(name: string, { secret, key }: typeof local, mode = 0o600): string {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const content = {
    address: '',
    pub_key: { type: 'tendermint/PubKeyEd25519', value: base64(fromHex(key)) },
    priv_key: { type: 'tendermint/PrivKeyEd25519', value: base64(Uint8Array.from([...secret, ...fromHex(key)])) },
  };
  writeFileSync(system.path(name), JSON.stringify(content), { mode });
  chmodSync(system.path(name), mode);
  return system.path(name);
}

const keyFile = (): string => writeKeyFile('priv_validator_key.json', local);

/** As if the key here were another than the one that was deployed. */
function otherKeysHome(): object {
  const folder = system.path('home/keys/ed25519-2/another');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '../current'), 'another\n');
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...key.manifest, verificationKeyHash: zeroHash }));
  return { home: 'home' };
}

/** The chain's Coalition is that of another hub, which bears another domain. */
function otherHub({ chains: [hubEntry] }: Sections): object {
  const other = {
    ...hubEntry,
    id: 'eip155:31338',
    contracts: { ...hubEntry.contracts, coalition: `0x${'22'.repeat(20)}` },
  };
  return {
    chains: [hubEntry, other],
    coalition: { hub: other.id, trustingPeriodSeconds: 3_600, evidenceWindowSeconds: 3_600 },
  };
}

test("what is to be signed is what the contracts ask for, and says the account's document", async () => {
  const shown = await system.consentOf(local.key, 0, '--account', accountText(0));
  const digest = await system.digestOf(local.key, 0);
  assert.equal(shown.digest, digest);
  const message = await system.hub.client.readContract({
    address: system.judge,
    abi: cometBftJudgeAbi,
    functionName: 'consentMessage',
    args: [digest],
  });
  assert.equal(toHex(Buffer.from(shown.message)), message);
  assert.equal(shown.document, Buffer.from(signDataDocument(fromHex(message), accountText(0))).toString());
  assert.equal(shown.record, stakingKey(accountOfKey(accountKey(0))));
});

describe("by the key's own signature", () => {
  test('refuses a key file that others can read, and shows nothing of it', async () => {
    const file = writeKeyFile('open.json', local, 0o644);
    await refused(system.bindAs(0, '--priv-validator-key', file), /mode 0644, readable by others/);
    await refused(system.bindAs(0, '--priv-validator-key', system.path('operator.0.key')), /operator\.0\.key/);
  });

  test('refuses a signature of something else before anything is asked', async () => {
    const { message } = await system.consentOf(local.key, 1);
    const signature = Buffer.from(ed25519.sign(Buffer.from(message), local.secret)).toString('base64');
    await refused(
      system.bindAs(0, '--consensus-key', local.key, '--signature', signature),
      /signature: expected the signature of/,
    );
    await refused(
      system.bindAs(0, '--consensus-key', local.key, '--signature', 'AAAA'),
      /--signature: expected 64 bytes/,
    );
  });

  test('refuses a key of small order, by which anybody signs', async () => {
    // The identity: S = 1 and R = B hold for every message.
    const signature = toHex(Uint8Array.from([...ed25519.Point.BASE.toBytes(), 1, ...new Uint8Array(31)]));
    await refused(
      system.bindAs(0, '--consensus-key', `0x01${'00'.repeat(31)}`, '--signature', signature),
      /SmallOrderKey/,
    );
  });

  for (const [name, why, change] of [
    ['where no key lies', /no key for a circuit ed25519-n/, () => ({ home: 'nowhere' })],
    ['where the chain knows no verifier of the key', /knows the verifier of no key .* \(ed25519-2\)/, otherKeysHome],
    ['development keys in production', /development key/, () => ({ mode: 'production' })],
    ['a Coalition that is not the hub that is configured', /another coalition than the configuration's/, otherHub],
  ] satisfies [string, RegExp, (config: Sections) => object][])
    test(`refuses ${name}`, async () => {
      const config = system.sections();
      system.writeConfig({ ...config, ...change(config) }, 'changed.yaml');
      const words = ['--operator-key', system.path('operator.0.key'), '--priv-validator-key', keyFile()];
      await refused(system.command('bind', 'changed.yaml', ...words), why);
    });

  test('refuses who is no operator', async () => {
    writeFileSync(system.path('stranger.key'), `${ANVIL_KEYS[0]}\n`, { mode: 0o600 });
    const words = ['--operator-key', system.path('stranger.key'), '--priv-validator-key', keyFile()];
    await refused(system.command('bind', 'phalanx.0.yaml', ...words), /NoKey/);
  });

  test('a dry run proves and prints the call, which binds when its operator sends it, and nobody else', async () => {
    const words = ['--priv-validator-key', keyFile(), '--operator', OPERATORS[0] ?? ''];
    assert.equal((await system.command('bind', 'phalanx.0.yaml', ...words)).code, 2);
    const { code, stdout, stderr } = await system.command('bind', 'phalanx.0.yaml', ...words, '--dry-run');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /ed25519-2: /);
    const call = JSON.parse(stdout) as { from: Hex; to: Hex; value: string; data: Hex };
    assert.deepEqual([call.from, call.value], [OPERATORS[0], '0']);
    await assert.rejects(system.hub.client.call({ account: OPERATORS[1], to: call.to, data: call.data }));
    assert.equal(await system.boundTo(local.key), zeroHash);
    const account = privateKeyToAccount(OPERATOR_KEYS[0]);
    const hash = await system.hub.client.sendTransaction({ account, chain: null, to: call.to, data: call.data });
    await system.hub.client.waitForTransactionReceipt({ hash });
    assert.equal(await system.boundTo(local.key), await system.keyOf(0));
  });

  test('refuses a key that is bound, to its own operator too', async () => {
    const words = ['--priv-validator-key', keyFile()];
    await refused(system.bindAs(0, ...words), /ConsensusKeyTaken/);
    await refused(system.bindAs(1, ...words), /ConsensusKeyTaken/);
  });
});

describe('by the staking record', () => {
  /** Options with files as a node and a wallet give them; each test makes one fault. */
  async function files(validator: 0 | 1, operator = 0) {
    const account = accountText(validator);
    const { document } = await system.consentOf(remote[validator].key, operator, '--account', account);
    const signature = secp256k1.sign(sha256(Buffer.from(document)), accountSecret(validator), { prehash: false });
    return {
      'consensus-key': remote[validator].key as string,
      'staking-record': state.answer(staked(validator).account),
      header: commitAnswer(block(state.appHash)) as unknown,
      account,
      'account-signature': {
        pub_key: {
          type: 'tendermint/PubKeySecp256k1',
          value: Buffer.from(fromHex(accountKey(validator))).toString('base64'),
        },
        signature: Buffer.from(signature).toString('base64'),
      },
    };
  }

  function bindBy(operator: number, options: Awaited<ReturnType<typeof files>>): Promise<Outcome> {
    const words = Object.entries(options).flatMap(([name, value]) => [
      `--${name}`,
      typeof value === 'string' ? value : system.writeJson(`${name}.json`, value),
    ]);
    return system.bindAs(operator, ...words);
  }

  test('refuses the record of another validator, its operator or its key', async () => {
    const record = state.answer(staked(1).account);
    await refused(bindBy(0, { ...(await files(0)), 'staking-record': record }), /response\.key: expected 0x2114/);
    // The other operator agrees, though the key is none of his.
    const { 'consensus-key': key } = await files(0);
    const { document } = await system.consentOf(key as Hex, 0, '--account', accountText(1));
    const signature = secp256k1.sign(sha256(Buffer.from(document)), accountSecret(1), { prehash: false });
    const others = await files(1);
    const signed = { ...others['account-signature'], signature: Buffer.from(signature).toString('base64') };
    const options = { ...others, 'consensus-key': key, 'account-signature': signed };
    await refused(bindBy(0, options), /NotBondedWithKey/);
  });

  test('refuses a signature for another operator, and one of another account', async () => {
    await refused(
      bindBy(0, await files(0, 1)),
      /account-signature\.json\.signature: expected the signature of cosmos1/,
    );
    await refused(bindBy(0, { ...(await files(0)), account: accountText(1) }), /pub_key: expected the key of cosmos1/);
  });

  test('refuses a header of another height, another chain, and one that the ledger does not hold', async () => {
    const options = await files(0);
    const header = (changed: object): unknown => ({ ...options, header: changed });
    const height = commitAnswer(block(state.appHash, 11n));
    await refused(bindBy(0, header(height) as typeof options), /height: expected 10, one above the record's/);
    const chain = commitAnswer(block(state.appHash, 10n, 'another-1'));
    await refused(bindBy(0, header(chain) as typeof options), /chain_id: expected phalanx-test-1/);
    const fork = commitAnswer(block(`0x${'01'.repeat(32)}`));
    await refused(bindBy(0, header(fork) as typeof options), /StateNotHeld\(10\)/);
  });

  test('binds without a proof, once, for one operator', async () => {
    const { code, stdout, stderr } = await bindBy(1, await files(1, 1));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /bound +in block \d+; gas \d+/);
    assert.doesNotMatch(stderr, /ed25519-2:/);
    assert.equal(await system.boundTo(remote[1].key), await system.keyOf(1));
    await refused(bindBy(1, await files(1, 1)), /ConsensusKeyTaken/);
    await refused(bindBy(0, await files(1, 0)), /ConsensusKeyTaken/);
  });
});

test('one way at a time, and all of it', async () => {
  for (const words of [
    [],
    ['--consensus-key', local.key],
    ['--priv-validator-key', keyFile(), '--account', accountText(0)],
    ['--consensus-key', local.key, '--staking-record', system.path('staking-record.json')],
  ])
    assert.equal((await system.bindAs(0, ...words)).code, 2, words.join(' '));
});
