// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeFunctionData, keccak256, type Hex } from 'viem';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import type { Checkpoint } from '../../protocol/attestation.ts';
import { chainKey, parseChainId } from '../../protocol/chain.ts';
import { domain } from '../../protocol/domain.ts';
import type { ChainConfig, CoalitionConfig, CommonConfig } from '../../runtime/common-config.ts';
import type { RelayerConfig } from '../../runtime/config.ts';
import { Secret } from '../../runtime/secret.ts';
import { ANVIL_KEYS, startAnvil, type Anvil } from './anvil.ts';
import { deployTestContract, type TestContract } from './contracts.ts';
import { startFakeApi, type FakeApi, type Reply } from './fake-api.ts';
import { startRedis, type TestRedis } from './redis.ts';

/** A chain with stand-in contracts. */
export interface TestChain {
  readonly anvil: Anvil;
  readonly config: ChainConfig;
  readonly ledger: TestContract;
  readonly coalition: TestContract;
}

/** Two chains, a Redis and an API of a test's own; `a` is the hub. */
export interface World {
  readonly a: TestChain;
  readonly b: TestChain;
  readonly redis: TestRedis;
  readonly api: FakeApi;
  readonly common: CommonConfig;
  close(): Promise<void>;
}

/** Circuits of the fake API and the key each has. */
const TEST_KEYS = { 'quorum-16': 'quorum', equivocation: 'equivocation' } as const;
export const keyHashOf = (circuit: string): Hex => keccak256(Buffer.from(circuit));
export const INTERVAL = 8n;

async function startChain(chainId: number): Promise<TestChain> {
  const anvil = await startAnvil('--chain-id', String(chainId), '--slots-in-an-epoch', '1');
  const ledger = await deployTestContract(anvil, 'TestLedger');
  const coalition = await deployTestContract(anvil, 'TestCoalition', ledger.address);
  for (const circuit of Object.keys(TEST_KEYS)) {
    await ledger.write('setEntry', keyHashOf(circuit), coalition.address, 2 ** 40 - 1);
  }
  const { hash: genesisHash } = await anvil.client.getBlock({ blockNumber: 0n });
  const id = parseChainId(`eip155:${chainId}`, 'id');
  const config: ChainConfig = {
    id,
    genesisHash,
    chainKey: chainKey(id, genesisHash),
    rpcs: [anvil.url],
    rpcQuorum: 1,
    finality: { depth: 2 },
    interval: INTERVAL,
    confirmations: 1,
    pollMs: 100,
    fromBlock: 0n,
    contracts: { ledger: ledger.address, stateReader: ledger.address, coalition: coalition.address },
  };
  return { anvil, config, ledger, coalition };
}

export async function startWorld(): Promise<World> {
  const [a, b, redis, api] = await Promise.all([startChain(31_337), startChain(31_338), startRedis(), startFakeApi()]);
  const hub = { hubChainKey: a.config.chainKey, hubCoalition: a.coalition.address };
  const coalition: CoalitionConfig = {
    hub: a.config.id,
    share: 20_000,
    trustingPeriodSeconds: 1_000,
    evidenceWindowSeconds: 1_000,
    ...hub,
    attestationDomain: domain('attestation', hub),
    registrationDomain: domain('registration', hub),
  };
  const common: CommonConfig = {
    mode: 'development',
    home: '/nonexistent',
    logLevel: 'info',
    coalition,
    chains: [a.config, b.config],
    cometbft: [],
  };
  await offerCircuits(api, a);
  const world = { a, b, redis, api, common };
  emptyFeeds(world);
  return {
    ...world,
    close: async () => {
      api.close();
      await Promise.all([a.anvil.stop(), b.anvil.stop(), redis.stop()]);
    },
  };
}

async function offerCircuits(api: FakeApi, { anvil, coalition }: TestChain): Promise<void> {
  const solidityCodeHash = keccak256((await anvil.client.getCode({ address: coalition.address })) ?? '0x');
  const circuits = Object.entries(TEST_KEYS).map(([id, kind]) => ({
    id,
    kind,
    capacity: null,
    key: { keyHash: keyHashOf(id), kind: 'development', solidityCodeHash },
  }));
  api.replies.set('/v1/circuits', {
    body: { circuits: [...circuits, { id: 'quorum-64', kind: 'quorum', capacity: 64, key: null }] },
  });
}

/** No statements, no conflicts, no rotation due. */
export function emptyFeeds({ api }: Pick<World, 'api'>): void {
  setStatements(api, []);
  api.replies.set('/v1/quorum-conflicts', (query) => ({ body: { conflicts: [], after: Number(query.get('after')) } }));
  api.replies.set('/v1/cometbft/updates', (query) => ({ body: { updates: [], after: Number(query.get('after')) } }));
  api.replies.set('/v1/cometbft/duplicate-votes', (query) => ({
    body: { duplicateVotes: [], after: Number(query.get('after')) },
  }));
  api.replies.set('/v1/rotations', { body: { chain: '', due: false, reason: '', next: null, call: null } });
}

/** Let the feed have these, in pages as the real one makes them. */
export function setStatements(api: FakeApi, statements: readonly { readonly sequence: number }[]): void {
  api.replies.set('/v1/statements', (query): Reply => {
    const after = Number(query.get('after'));
    const page = statements.filter(({ sequence }) => sequence > after).slice(0, Number(query.get('limit')));
    return { body: { statements: page, after: page.at(-1)?.sequence ?? after } };
  });
}

export function relayerConfig(
  { common, redis, api }: World,
  more: Partial<RelayerConfig['relayer']> = {},
): RelayerConfig {
  return {
    ...common,
    redis: { url: `unix://${redis.socket}`, password: undefined },
    apiClient: { urls: [api.url], token: undefined },
    relayer: { pollMs: 100, stuckAfterMs: 60_000, maxFeeGwei: 500, lowBalance: 0, sealEpochs: false, ...more },
    key: new Secret(ANVIL_KEYS[0]),
  };
}

const PROOF = {
  a: [1n, 2n],
  b: [
    [1n, 2n],
    [3n, 4n],
  ],
  c: [1n, 2n],
} as const;

export function checkpointOf({ config }: TestChain, height: bigint, blockHash: Hex = keccak256('0x01')): Checkpoint {
  return { chainKey: config.chainKey, height, blockHash, stateRoot: keccak256('0x02'), timestamp: 1_000n + height };
}

/** A proved quorum in the feed's form, with its calldata offered for a destination. */
export function offerQuorum(world: World, to: TestChain, sequence: number, checkpoint: Checkpoint, set = 1n) {
  const id = keccak256(Buffer.from(`quorum ${sequence} ${checkpoint.blockHash}`));
  const attestation = { setCommitment: word(set), sourceHeight: 0n, checkpoint };
  const data = encodeFunctionData({
    abi: checkpointLedgerAbi,
    functionName: 'submitCheckpoint',
    args: [attestation, 3n, keyHashOf('quorum-16'), PROOF],
  });
  world.api.replies.set(`/v1/statements/${id}/calldata`, { body: { to: to.ledger.address, data } });
  const { chainKey: key, blockHash, stateRoot } = checkpoint;
  return {
    id,
    kind: 'quorum',
    circuit: 'quorum-16',
    keyHash: keyHashOf('quorum-16'),
    sequence,
    stateAtMs: Date.now(),
    context: {
      kind: 'quorum',
      attestation: {
        setCommitment: String(set),
        sourceHeight: '0',
        checkpoint: {
          chainKey: key,
          height: `${checkpoint.height}`,
          blockHash,
          stateRoot,
          timestamp: `${checkpoint.timestamp}`,
        },
      },
    },
  };
}

/** A proved offence in the feed's form, with its calldata offered for every chain. */
export function offerEquivocation({ a, b, api }: World, sequence: number, keyX: bigint) {
  const id = keccak256(Buffer.from(`equivocation ${sequence}`));
  const attestation = { setCommitment: word(1n), sourceHeight: 0n, checkpoint: checkpointOf(a, 8n) };
  const data = encodeFunctionData({
    abi: hubCoalitionAbi,
    functionName: 'slashEquivocation',
    args: [attestation, attestation, 1n, 0n, keyX, 5n, keyHashOf('equivocation'), PROOF],
  });
  api.replies.set(`/v1/statements/${id}/calldata`, (query) => {
    const chain = [a, b].find(({ config }) => config.id === query.get('chain'));
    return chain && { body: { to: chain.coalition.address, data } };
  });
  const keyHash = keyHashOf('equivocation');
  return {
    id,
    kind: 'equivocation',
    circuit: 'equivocation',
    keyHash,
    sequence,
    stateAtMs: Date.now(),
    context: { kind: 'equivocation' },
  };
}

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`;
}
