// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keccak256 } from 'viem';
import { verifierSpec } from '../../cli/verifier-spec.ts';
import { buildContracts } from '../../contracts/deploy/build.ts';
import { deployDestination } from '../../contracts/deploy/deploy-destination.ts';
import { deployHub } from '../../contracts/deploy/deploy-hub.ts';
import type { FollowedOptions } from '../../contracts/deploy/followed-options.ts';
import type { ChainOptions, Deployment, VerifierSpec } from '../../contracts/deploy/options.ts';
import { chainKey } from '../../protocol/chain.ts';
import { cosmosChainId } from '../../protocol/cometbft/caip2.ts';
import { consensusState } from '../../protocol/cometbft/client-state.ts';
import { ledgerState } from '../../protocol/cometbft/ledger-header.ts';
import { TEST_CHAIN } from '../../protocol/cometbft/testing/generated-chain.ts';
import { startRelayer } from '../../relayer/start-relayer.ts';
import { ANVIL_KEYS } from '../../relayer/testing/anvil.ts';
import { testLog } from '../../relayer/testing/log.ts';
import { Secret } from '../../runtime/secret.ts';
import type { Running } from '../../runtime/shutdown.ts';
import { ApiFixture, type Wire } from '../../verifier-api/testing/api-fixture.ts';
import { block, followedSection, GENESIS_HASH, START } from '../../verifier-api/testing/followed-chain.ts';
import { writeForgedKeys, type ForgedKey } from '../../verifier-api/testing/forged-keys.ts';
import { StandInProver } from '../../verifier-api/testing/stand-in-prover.ts';
import { chainOptions, startChain, type LocalChain } from '../contracts/world.ts';
import { EvidenceChain } from './evidence-chain.ts';

const TRUSTING_SECONDS = 10 * 365 * 86_400;

/** As the judges know the followed chain. */
export const FOLLOWED: FollowedOptions = {
  chainId: TEST_CHAIN,
  chainKey: chainKey(cosmosChainId(TEST_CHAIN), GENESIS_HASH),
  unbondingPeriod: 2 ** 32 - 1,
  trustingPeriod: TRUSTING_SECONDS,
  maxClockDrift: 60,
  evidenceMaxAgeBlocks: 1_000,
  evidenceMaxAge: 86_400,
  anchor: ledgerState(START, consensusState(block(START).header)),
};

/**
 * The way of evidence: an API and a relayer on a Redis of their own, and two chains with the real contracts that follow
 * one CometBFT chain. Proofs are made up by keys with known secrets, which the contracts verify as any others.
 */
export class EvidenceWorld {
  private relayer: Running | undefined;
  lines: string[] = [];

  private constructor(
    readonly api: ApiFixture,
    readonly hub: EvidenceChain,
    readonly far: EvidenceChain,
    private readonly prover: StandInProver,
  ) {}

  static async start(): Promise<EvidenceWorld> {
    await buildContracts();
    const [hubChain, farChain] = await Promise.all([startChain(31_337), startChain(31_338)]);
    try {
      return await EvidenceWorld.#on(hubChain, farChain);
    } catch (error) {
      await Promise.all([hubChain, farChain].map(({ anvil }) => anvil.stop()));
      throw error;
    }
  }

  static async #on(hubChain: LocalChain, farChain: LocalChain): Promise<EvidenceWorld> {
    const keys = forgedKeys();
    const verifiers = [...keys].map(([circuit, key]) => specOf(circuit, key));
    const options = (chain: LocalChain): ChainOptions => ({
      ...chainOptions(chain, [hubChain, farChain], verifiers),
      followed: [FOLLOWED],
    });
    const hub = await deployHub(hubChain.client, { ...options(hubChain), epochLength: 60, capacity: 16 });
    const id = { hubChainKey: hubChain.key, hubCoalition: hub.coalition };
    const { timestamp: sealedAt } = await farChain.client.getBlock();
    const anchor = { commitment: 1n, epoch: 1n, sealedAt, capacity: 16 };
    const far = await deployDestination(farChain.client, { ...options(farChain), ...id, anchor });
    await Promise.all([replacePlaceholders(hubChain, hub), replacePlaceholders(farChain, far)]);
    const chains = [chainSection(hubChain, hub), chainSection(farChain, far)];
    const api = await ApiFixture.start({}, { chains: await Promise.all(chains), ...followedBy(hub, far) });
    await nameCode(api, hubChain, hub);
    // Relayers ask this one, which has read those names.
    await api.startApi();
    const [onHub, onFar] = [new EvidenceChain(hubChain, hub, id, keys), new EvidenceChain(farChain, far, id, keys)];
    return new EvidenceWorld(api, onHub, onFar, await StandInProver.start(api));
  }

  get chains(): readonly EvidenceChain[] {
    return [this.hub, this.far];
  }

  async startRelayer(): Promise<void> {
    const { config, apis } = this.api;
    const { log, lines } = testLog();
    this.lines = lines;
    this.relayer = await startRelayer(
      {
        ...config,
        apiClient: { urls: [apis.at(-1)?.url ?? ''], token: undefined },
        relayer: { pollMs: 100, stuckAfterMs: 60_000, maxFeeGwei: 500, lowBalance: 0, sealEpochs: false },
        key: new Secret(ANVIL_KEYS[0]),
      },
      log,
    );
  }

  async stopRelayer(): Promise<void> {
    await this.relayer?.stop();
    this.relayer = undefined;
  }

  async close(): Promise<void> {
    await this.stopRelayer();
    await this.prover.stop();
    await this.api.stop();
    await Promise.all(this.chains.map(({ chain }) => chain.anvil.stop()));
  }
}

/** The same as those of every fixture. */
function forgedKeys(): ReadonlyMap<string, ForgedKey> {
  const folder = mkdtempSync(join(tmpdir(), 'phalanx-evidence-'));
  try {
    return writeForgedKeys(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What no verifier of this world's keys can be deployed for gets one afterwards, in place of this. */
const PLACEHOLDER = 'LockBox';

function specOf(circuit: string, { keyHash, verificationKey }: ForgedKey): VerifierSpec {
  const manifest = { circuit, verificationKeyHash: keyHash, solidityContract: PLACEHOLDER };
  return verifierSpec({ manifest, verificationKey } as Parameters<typeof verifierSpec>[0]);
}

/** All verify by the key that `EvidenceChain` makes proofs with. */
async function replacePlaceholders({ client }: LocalChain, { verifiers }: Deployment): Promise<void> {
  const model = verifiers.find(({ contract }) => contract !== PLACEHOLDER);
  assert.ok(model);
  const bytecode = await client.getCode({ address: model.address });
  assert.ok(bytecode);
  for (const { contract, address } of verifiers) {
    if (contract === PLACEHOLDER) await client.setCode({ address, bytecode });
  }
}

async function chainSection({ anvil, client }: LocalChain, { chainId, ledger, stateReader, coalition }: Deployment) {
  const { hash: genesisHash } = await client.getBlock({ blockNumber: 0n });
  const contracts = lowerCase({ ledger, stateReader, coalition });
  return { id: `eip155:${chainId}`, genesisHash, rpcs: [anvil.url], interval: 64, confirmations: 1, contracts };
}

function followedBy(...deployments: readonly Deployment[]): Wire {
  const { cometbft } = followedSection();
  const ledgers = deployments.map(({ chainId, followed: [one] }) => ({
    chain: `eip155:${chainId}`,
    ...lowerCase({ address: one?.ledger ?? '' }),
  }));
  return { cometbft: (cometbft as Wire[]).map((chain) => ({ ...chain, ledgers })) };
}

function lowerCase<T extends Record<string, string>>(addresses: T): T {
  return Object.fromEntries(Object.entries(addresses).map(([name, one]) => [name, one.toLowerCase()])) as T;
}

/** The manifests of the API's keys name the code that was deployed, as relayers ask. */
async function nameCode(api: ApiFixture, { client }: LocalChain, { verifiers }: Deployment): Promise<void> {
  for (const [circuit, { keyHash }] of api.forged) {
    const address = verifiers.find((verifier) => verifier.keyHash === keyHash)?.address;
    assert.ok(address);
    const file = join(api.folder, 'keys', circuit, 'forged', 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Wire;
    const solidityCodeHash = keccak256((await client.getCode({ address })) ?? '0x');
    writeFileSync(file, JSON.stringify({ ...manifest, solidityCodeHash }));
  }
}
