// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ArtifactError, linkBytecode, librariesOf, type Artifact } from '../../contracts/deploy/artifact.ts';
import { checkOptions, DeployOptionsError, type ChainOptions } from '../../contracts/deploy/options.ts';

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
