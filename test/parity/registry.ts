// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createTestClient, http, keccak256, publicActions, toHex, walletActions, type Address } from 'viem';
import type { KeyArtifacts } from '../../circuits/artifacts.ts';
import { getCircuit } from '../../circuits/registry.ts';
import { verifierRegistryAbi } from '../../protocol/abi/verifier-registry.ts';
import { toSolidityProof } from '../../protocol/proof.ts';
import type { Sample } from './samples.ts';
import { compileSolidity, type CompiledContract } from './solidity.ts';

export type Client = ReturnType<typeof connect>;

/** Of a chain without blocks by the clock. */
export function connect(url: string) {
  return createTestClient({ mode: 'anvil', transport: http(url), pollingInterval: 50 })
    .extend(publicActions)
    .extend(walletActions);
}

/** `VerifierRegistry` on a chain, with the generated verifiers of some keys behind it. */
export class Registry {
  private constructor(
    private readonly client: Client,
    private readonly address: Address,
  ) {}

  /** Compiles the verifiers that lie beside the keys. */
  static async deploy(client: Client, keys: readonly KeyArtifacts[]): Promise<Registry> {
    const source = 'contracts/src/VerifierRegistry.sol';
    const sources: Record<string, string> = {
      [source]: await readFile(path.join(import.meta.dirname, '..', '..', source), 'utf8'),
    };
    for (const { manifest, paths } of keys)
      sources[`${manifest.solidityContract}.sol`] = await readFile(paths.solidity, 'utf8');
    const compiled = await compileSolidity(sources);
    const initial = [];
    for (const { manifest } of keys) {
      const { kind, capacity, publicSignals } = getCircuit(manifest.circuit);
      const verifier = await deployContract(client, compiled.get(manifest.solidityContract), []);
      // What relayers compare: that we deployed the code that the manifest names.
      assert.equal(keccak256((await client.getCode({ address: verifier })) ?? '0x'), manifest.solidityCodeHash);
      const keyHash = manifest.verificationKeyHash;
      initial.push({
        keyHash,
        kind: kindOf(kind),
        capacity: capacity ?? 0,
        signalCount: publicSignals.length,
        verifier,
      });
    }
    const [owner] = await client.getAddresses();
    return new Registry(client, await deployContract(client, compiled.get('VerifierRegistry'), [owner, initial]));
  }

  /** Its verdict by `eth_call`, as the ledger and `Coalition` ask for it. @throws when it fails for another reason */
  async accepts({ manifest }: KeyArtifacts, { proof, signals }: Sample): Promise<boolean> {
    const { kind, capacity } = getCircuit(manifest.circuit);
    const args = [manifest.verificationKeyHash, kindOf(kind), capacity ?? 0, toSolidityProof(proof), signals] as const;
    const call = { address: this.address, abi: verifierRegistryAbi, functionName: 'verify', args } as const;
    return this.client.readContract(call).then(
      () => true,
      (error: unknown) => {
        assert.match(String(error), /InvalidProof|NotCanonical|WrongSignalCount/);
        return false;
      },
    );
  }
}

/** First four bytes of the name's hash (StatementKinds.sol). */
export const kindOf = (name: string) => keccak256(toHex(name)).slice(0, 10) as `0x${string}`;

export async function deployContract(
  client: Client,
  contract: CompiledContract | undefined,
  args: unknown[],
): Promise<Address> {
  const [account] = await client.getAddresses();
  assert.ok(contract && account);
  const hash = await client.deployContract({ ...contract, args, account, chain: null });
  const { contractAddress } = await client.waitForTransactionReceipt({ hash });
  assert.ok(contractAddress);
  return contractAddress;
}
