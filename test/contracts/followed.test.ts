// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodeAbiParameters, getAddress, keccak256, parseAbi, parseAbiParameters, toHex } from 'viem';
import { readArtifact } from '../../contracts/deploy/artifact.ts';
import { deployHub } from '../../contracts/deploy/deploy-hub.ts';
import type { FollowedOptions } from '../../contracts/deploy/followed-options.ts';
import type { Deployment } from '../../contracts/deploy/options.ts';
import { cometBftJudgeAbi } from '../../protocol/abi/cometbft-judge.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { chainKey } from '../../protocol/chain.ts';
import { cosmosChainId } from '../../protocol/cometbft/caip2.ts';
import { consensusState } from '../../protocol/cometbft/client-state.ts';
import { ledgerState } from '../../protocol/cometbft/ledger-header.ts';
import {
  setOf,
  TEST_CHAIN,
  TEST_TIME_NS,
  testBlock,
  testValidators,
} from '../../protocol/cometbft/testing/generated-chain.ts';
import { NANOSECONDS } from '../../protocol/cometbft/timestamp.ts';
import { provedHeader } from '../parity/ledger-reading.ts';
import { trapdoorKey } from '../parity/trapdoor-key.ts';
import { account, chainOptions, Prover, startChain, type LocalChain } from './world.ts';

const CAPACITY = 7;
const KEY_HASH = keccak256(toHex('trapdoor'));
const VALIDATORS = testValidators('deployed', [10n, 10n, 10n, 10n]);
const block = (height: bigint) => testBlock({ height, validators: VALIDATORS });
const START = 5n;

const followed: FollowedOptions = {
  chainId: TEST_CHAIN,
  chainKey: chainKey(cosmosChainId(TEST_CHAIN), `0x${'9e'.repeat(32)}`),
  unbondingPeriod: 20_000,
  trustingPeriod: 10_000,
  maxClockDrift: 30,
  evidenceMaxAgeBlocks: 1_000,
  evidenceMaxAge: 15_000,
  anchor: ledgerState(START, consensusState(block(START).header)),
};
const options = {
  verifiers: [
    {
      contract: 'BatchVerifier',
      keyHash: KEY_HASH,
      kind: 'ed25519',
      capacity: CAPACITY,
      signalCount: 3,
      batchKey: trapdoorKey,
    },
  ],
};

let chain: LocalChain;
let prover: Prover;
let hub: Deployment;

before(
  async () => {
    prover = await Prover.open();
    // Later than the generated blocks.
    chain = await startChain(31_337, Number(TEST_TIME_NS / NANOSECONDS) + 1_000);
    hub = await deployHub(chain.client, {
      ...chainOptions(chain, [], [...prover.verifiers, ...options.verifiers]),
      followed: [followed],
      epochLength: 60,
      capacity: 16,
    });
  },
  { timeout: 300_000 },
);

after(() => Promise.all([chain?.anvil.stop(), prover?.close()]));

test("a deployment records its light clients, which are the timelock's and which the judge knows", async () => {
  const [{ ledger, appStateReader, ...named } = assert.fail(), ...others] = hub.followed;
  assert.deepEqual([named, others], [{ chainId: TEST_CHAIN, chainKey: followed.chainKey }, []]);
  const { client } = chain;
  const read = { address: ledger, abi: cometBftLedgerAbi } as const;
  assert.equal(await client.readContract({ ...read, functionName: 'chainId' }), TEST_CHAIN);
  assert.equal(await client.readContract({ ...read, functionName: 'owner' }), getAddress(hub.timelock));
  assert.equal(await client.readContract({ ...read, functionName: 'guardian' }), account(1).address);
  assert.equal(await client.readContract({ ...read, functionName: 'VERIFIERS' }), getAddress(hub.verifierRegistry));
  assert.equal(await client.readContract({ ...read, functionName: 'unbondingPeriod' }), 20_000);
  assert.deepEqual(await client.readContract({ ...read, functionName: 'policy' }), {
    trustingPeriod: 10_000,
    maxClockDrift: 30,
    freezeDuration: 600,
    freezeCooldown: 600,
  });
  assert.deepEqual(
    await client.readContract({
      address: hub.consensusJudge,
      abi: cometBftJudgeAbi,
      functionName: 'chain',
      args: [followed.chainKey],
    }),
    { ledger: getAddress(ledger), maxAgeBlocks: 1_000n, maxAgeSeconds: 15_000n },
  );
  const { abi } = await readArtifact('AppStateReader');
  const reads = await client.readContract({ address: appStateReader, abi, functionName: 'LEDGER' });
  assert.equal(reads, getAddress(ledger));
  const judge = await client.readContract({
    address: hub.coalition,
    abi: parseAbi(['function JUDGE() view returns (address)']),
    functionName: 'JUDGE',
  });
  assert.equal(judge, getAddress(hub.consensusJudge));
});

test('its light client takes a header of the chain by a proof of the deployed key, and holds it', async () => {
  const { client } = chain;
  const [{ ledger } = assert.fail()] = hub.followed;
  const signedHeader = block(START + 2n);
  const message = {
    trustedHeight: START,
    signedHeader,
    validators: setOf(VALIDATORS),
    trustedValidators: setOf(VALIDATORS),
    signers: [0, 1, 2],
  };
  const { request, result } = await client.simulateContract({
    address: ledger,
    abi: cometBftLedgerAbi,
    functionName: 'update',
    args: [followed.anchor, START, provedHeader(message, CAPACITY), KEY_HASH],
  });
  assert.equal(result, 0, 'updated');
  await client.waitForTransactionReceipt({ hash: await client.writeContract(request) });
  const held = await client.readContract({
    address: ledger,
    abi: cometBftLedgerAbi,
    functionName: 'held',
    args: [START + 2n],
  });
  const state = ledgerState(START + 2n, consensusState(signedHeader.header));
  const form = '(uint64 height, uint64 timeNs, bytes32 appHash, bytes32 nextValidatorsHash, bytes32 blockHash)';
  assert.equal(held.digest, keccak256(encodeAbiParameters(parseAbiParameters(form), [state])));
});
