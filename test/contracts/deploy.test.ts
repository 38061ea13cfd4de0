// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ArtifactError, linkBytecode, librariesOf, type Artifact } from '../../contracts/deploy/artifact.ts';
import { DeployOptionsError } from '../../contracts/deploy/deploy-options-error.ts';
import type { FollowedOptions } from '../../contracts/deploy/followed-options.ts';
import { checkOptions, type ChainOptions } from '../../contracts/deploy/options.ts';
import { trapdoorKey } from '../parity/trapdoor-key.ts';

const options: ChainOptions = {
  chainKey: `0x${'0a'.repeat(31)}`,
  proposer: `0x${'01'.repeat(20)}`,
  guardian: `0x${'02'.repeat(20)}`,
  timelockDelay: 100,
  trustingPeriod: 10,
  evidenceWindow: 10,
  unbondingDelay: 1000,
  share: 20_000,
  maxDrift: 1,
  freezeDuration: 101,
  freezeCooldown: 1,
  minStakeGwei: 1n,
  penaltyBps: 10_000,
  sources: [],
  verifiers: [
    { contract: 'Quorum16Verifier', keyHash: `0x${'03'.repeat(32)}`, kind: 'quorum', capacity: 16, signalCount: 4 },
  ],
};

test("a guardian's freeze must outlast the timelock's delay", () => {
  checkOptions(options);
  assert.throws(() => checkOptions({ ...options, freezeDuration: 100 }), DeployOptionsError);
});

test('a ledger is not deployed without a quorum verifier', () => {
  assert.throws(() => checkOptions({ ...options, verifiers: [] }), DeployOptionsError);
});

const followed: FollowedOptions = {
  chainId: 'cosmoshub-4',
  chainKey: `0x${'0b'.repeat(31)}`,
  unbondingPeriod: 11,
  trustingPeriod: 10,
  maxClockDrift: 0,
  evidenceMaxAgeBlocks: 1,
  evidenceMaxAge: 1,
  anchor: {
    height: 1n,
    timeNs: 1n,
    appHash: `0x${'04'.repeat(32)}`,
    nextValidatorsHash: `0x${'05'.repeat(32)}`,
    blockHash: `0x${'06'.repeat(32)}`,
  },
};
const batchVerifier = {
  contract: 'BatchVerifier',
  keyHash: `0x${'07'.repeat(32)}`,
  kind: 'ed25519',
  capacity: 2,
  signalCount: 3,
  batchKey: trapdoorKey,
} as const;
const following = (...chains: readonly FollowedOptions[]): ChainOptions => ({
  ...options,
  verifiers: [...options.verifiers, batchVerifier],
  followed: chains,
});

const faults: readonly [string, Partial<FollowedOptions>, RegExp][] = [
  ['a trusting period as long as unbonding', { trustingPeriod: 11 }, /trustingPeriod .*cosmoshub-4.* 11 s/],
  ['no trusting period', { trustingPeriod: 0 }, /trustingPeriod .*more than 0/],
  ['evidence that is too old at once, in seconds', { evidenceMaxAge: 0 }, /evidenceMaxAge of/],
  ['evidence that is too old at once, in blocks', { evidenceMaxAgeBlocks: 0 }, /evidenceMaxAgeBlocks of/],
  ['an anchor before the first block', { anchor: { ...followed.anchor, height: 0n } }, /anchor\.height/],
];

for (const [name, fault, why] of faults)
  test(`a chain is not followed with ${name}`, () => {
    checkOptions(following(followed));
    assert.throws(() => checkOptions(following({ ...followed, ...fault })), { name: 'Error', message: why });
  });

test('a chain is followed once, by an ed25519 verifier that has its key', () => {
  assert.throws(() => checkOptions(following(followed, { ...followed, chainId: 'other' })), /stands once/);
  const { verifiers } = options;
  assert.throws(() => checkOptions({ ...following(followed), verifiers }), /without an ed25519 verifier/);
  const { batchKey: _, ...keyless } = batchVerifier;
  assert.throws(() => checkOptions({ ...options, verifiers: [...verifiers, keyless] }), /batch key/);
});

const artifact: Artifact = {
  name: 'Sample',
  abi: [],
  bytecode: `0x60${'_'.repeat(40)}61${'_'.repeat(40)}62`,
  linkReferences: {
    'Lib.sol': {
      Lib: [
        { start: 1, length: 20 },
        { start: 22, length: 20 },
      ],
    },
  },
};

test('a library is put in every place that waits for it', () => {
  assert.deepEqual(librariesOf(artifact), ['Lib']);
  const address = `0x${'AB'.repeat(20)}` as const;
  assert.equal(linkBytecode(artifact, new Map([['Lib', address]])), `0x60${'ab'.repeat(20)}61${'ab'.repeat(20)}62`);
});

test('code that still waits for a library is never deployed', () => {
  assert.throws(() => linkBytecode(artifact, new Map()), ArtifactError);
  assert.throws(() => linkBytecode({ ...artifact, linkReferences: {} }, new Map()), ArtifactError);
});
