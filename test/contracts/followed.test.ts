// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodeAbiParameters, getAddress, keccak256, parseAbi, parseAbiParameters, toHex, type Address } from 'viem';
import { readArtifact } from '../../contracts/deploy/artifact.ts';
import { deployFollowed } from '../../contracts/deploy/deploy-followed.ts';
import { deployHub } from '../../contracts/deploy/deploy-hub.ts';
import { Deployer } from '../../contracts/deploy/deployer.ts';
import type { FollowedOptions } from '../../contracts/deploy/followed-options.ts';
import type { Deployment } from '../../contracts/deploy/options.ts';
import { cometBftJudgeAbi } from '../../protocol/abi/cometbft-judge.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { chainKey, type ChainKey } from '../../protocol/chain.ts';
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
import type { CircuitKey } from '../../relayer/destinations/destination.ts';
import { checkFollowed, type FollowedLedger } from '../../relayer/destinations/followed-check.ts';
import { evmClient } from '../../relayer/lib/evm-client.ts';
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

const OURS: CircuitKey = {
  circuit: 'ed25519-7',
  kind: 'ed25519',
  capacity: CAPACITY,
  keyHash: KEY_HASH,
  isDevelopment: true,
  solidityCodeHash: KEY_HASH,
};

test('a relayer takes the deployment for what it is', async () => {
  const client = evmClient([chain.anvil.url]);
  const other = { ...OURS, circuit: 'ed25519-2', keyHash: keccak256('0x02') };
  const ledgers = hub.followed.map(({ ledger }) => configured(ledger));
  assert.deepEqual(await checkFollowed(client, hub.coalition, ledgers, [OURS, other]), ['ed25519-2']);
  assert.deepEqual(await checkFollowed(client, hub.coalition, [], []), []);
});

const configured = (ledger: Address): FollowedLedger => ({
  chainId: TEST_CHAIN,
  chainKey: followed.chainKey as ChainKey,
  address: ledger.toLowerCase() as Address,
});
/** What a configuration may say instead, and what the relayer says of it. */
const mismatches: [string, RegExp, Partial<FollowedLedger>, Partial<CircuitKey>][] = [
  ['another chain id', /cometbft chain other-1: its chainId is phalanx-test-1/, { chainId: 'other-1' }, {}],
  ['another genesis', /judge knows no chain .* genesisHash/, { chainKey: `0x${'0c'.repeat(31)}` as ChainKey }, {}],
  ['a ledger that is none', /no such contract/, { address: `0x${'0c'.repeat(20)}` }, {}],
  ['a key of another capacity', /capacity of ed25519-7 in the registry is 7, not 8/, {}, { capacity: 8 }],
  ['a key that is not registered', /no key of ours for ed25519/, {}, { keyHash: keccak256('0x02') }],
];

for (const [name, why, ledgerFault, keyFault] of mismatches)
  test(`a relayer refuses ${name}`, async () => {
    const [{ ledger } = assert.fail()] = hub.followed;
    const client = evmClient([chain.anvil.url]);
    await assert.rejects(
      checkFollowed(client, hub.coalition, [{ ...configured(ledger), ...ledgerFault }], [{ ...OURS, ...keyFault }]),
      { name: 'DestinationMismatchError', message: why },
    );
  });

test("a relayer refuses a ledger that is not the judge's, and a key registered for another kind", async () => {
  const client = evmClient([chain.anvil.url]);
  const foundation = { ...hub, guardian: account(1).address, freezeDuration: 600, freezeCooldown: 600 };
  const second = await deployFollowed(new Deployer(chain.client), foundation, followed);
  await assert.rejects(checkFollowed(client, hub.coalition, [configured(second.ledger)], [OURS]), {
    name: 'DestinationMismatchError',
    message: /judge knows the chain by ledger 0x/,
  });
  const [{ keyHash } = assert.fail()] = hub.verifiers;
  const ledgers = hub.followed.map(({ ledger }) => configured(ledger));
  await assert.rejects(checkFollowed(client, hub.coalition, ledgers, [{ ...OURS, keyHash }]), {
    name: 'DestinationMismatchError',
    message: /the kind of ed25519-7/,
  });
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
