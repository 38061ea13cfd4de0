// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import path from 'node:path';
import { createTestClient, http, publicActions, walletActions, type Account, type Hex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { loadArtifacts, writeSolidityVerifiers, type KeyArtifacts } from '../../circuits/artifacts.ts';
import { setupCircuits } from '../../circuits/keys/setup.ts';
import { inputJson } from '../../circuits/input-schema.ts';
import { prepareInputs } from '../../circuits/registry.ts';
import { ANVIL_MNEMONIC } from '../../cli/system/anvil.ts';
import { verifierSpec } from '../../cli/verifier-spec.ts';
import { buildContracts, CONTRACTS_ROOT } from '../../contracts/deploy/build.ts';
import type { ChainOptions, VerifierSpec } from '../../contracts/deploy/options.ts';
import { selectEngine } from '../../prover/select-engine.ts';
import { chainKey, parseChainId, type ChainKey } from '../../protocol/chain.ts';
import { parseProof, toSolidityProof, type SolidityProof } from '../../protocol/proof.ts';
import { startAnvil, type Anvil } from '../../relayer/testing/anvil.ts';

export const CIRCUITS = ['quorum-16', 'equivocation', 'registration'] as const;
export type Circuit = (typeof CIRCUITS)[number];
export const INTERVAL = 64;

/** A real proof as a contract takes it, with the name of its key. */
export interface ContractProof {
  readonly keyHash: Hex;
  readonly proof: SolidityProof;
}

/** Makes proofs with the development keys of this machine. */
export class Prover {
  readonly #engine = selectEngine('auto');
  readonly #keys: ReadonlyMap<string, KeyArtifacts>;

  private constructor(keys: readonly KeyArtifacts[]) {
    this.#keys = new Map(keys.map((key) => [key.manifest.circuit, key]));
  }

  /** Makes the keys where they are missing and builds the contracts with their verifiers. */
  static async open(): Promise<Prover> {
    await setupCircuits(CIRCUITS);
    const keys = await Promise.all(CIRCUITS.map((circuit) => loadArtifacts(circuit)));
    await writeSolidityVerifiers(keys, path.join(CONTRACTS_ROOT, 'generated'));
    await buildContracts();
    return new Prover(keys);
  }

  get verifiers(): VerifierSpec[] {
    return [...this.#keys.values()].map(verifierSpec);
  }

  /** @param inputs as the circuit's `inputSchema` gives them */
  async prove(circuit: Circuit, inputs: unknown): Promise<ContractProof> {
    const key = this.#keys.get(circuit);
    if (!key) throw new Error(`no key for ${circuit}`);
    const { input } = prepareInputs(circuit, JSON.parse(inputJson(inputs)));
    const { manifest, paths } = key;
    const files = {
      circuit,
      wasmPath: paths.wasm,
      wasmHash: manifest.wasmHash,
      zkeyPath: paths.zkey,
      zkeyHash: manifest.zkeyHash,
    };
    const raw = await this.#engine.prove(files, { input }, () => undefined, new AbortController().signal);
    return { keyHash: manifest.verificationKeyHash, proof: toSolidityProof(parseProof(raw.proof)) };
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}

/** Account i of Anvil's mnemonic. */
export function account(i: number): Account {
  return mnemonicToAccount(ANVIL_MNEMONIC, { addressIndex: i });
}

/** Secret of a validator's BabyJubJub key. */
export function secret(i: number): Uint8Array {
  return createHash('sha256').update(`contracts' validator ${i}`).digest();
}

function clientOf(url: string, id: number) {
  return createTestClient({
    mode: 'anvil',
    chain: { ...foundry, id },
    account: account(0),
    transport: http(url),
    pollingInterval: 20,
    cacheTime: 0,
  })
    .extend(publicActions)
    .extend(walletActions);
}

export type ChainClient = ReturnType<typeof clientOf>;

/** An Anvil chain that mines each transaction at once. */
export interface LocalChain {
  readonly anvil: Anvil;
  readonly client: ChainClient;
  readonly key: ChainKey;
}

/** @param startSeconds the clock's beginning; now if left out */
export async function startChain(id: number, startSeconds?: number): Promise<LocalChain> {
  const clock = startSeconds === undefined ? [] : ['--timestamp', `${startSeconds}`];
  const anvil = await startAnvil('--chain-id', `${id}`, '--hardfork', 'prague', ...clock);
  const client = clientOf(anvil.url, id);
  const genesis = await client.getBlock({ blockNumber: 0n });
  return { anvil, client, key: chainKey(parseChainId(`eip155:${id}`, 'chain'), genesis.hash) };
}

/** Options that suit both chains. */
export function chainOptions(
  chain: LocalChain,
  sources: readonly LocalChain[],
  verifiers: readonly VerifierSpec[],
): ChainOptions {
  return {
    chainKey: chain.key,
    proposer: account(0).address,
    guardian: account(1).address,
    timelockDelay: 60,
    trustingPeriod: 3600,
    evidenceWindow: 3600,
    unbondingDelay: 10_800,
    share: 20_000,
    maxDrift: 600,
    freezeDuration: 600,
    freezeCooldown: 600,
    minStakeGwei: 1_000_000_000n,
    penaltyBps: 10_000,
    sources: sources.map(({ key }) => ({ chainKey: key, interval: INTERVAL })),
    verifiers,
  };
}
