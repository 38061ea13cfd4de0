// SPDX-License-Identifier: GPL-3.0-or-later
import type { Account, Address, Chain, Client, Transport } from 'viem';
import { deployContract, getTransactionCount, waitForTransactionReceipt } from 'viem/actions';
import { librariesOf, linkBytecode, readArtifact } from './artifact.ts';

/** Any viem client with a chain and an account. */
export type DeployClient = Client<Transport, Chain, Account>;

/** Half an hour: a fee that was right when it was sent may wait for its block. */
const RECEIPT_TIMEOUT_MS = 1_800_000;

/** The chain refused a deployment. */
export class DeploymentError extends Error {
  readonly code = 'DEPLOYMENT_FAILED';
}

/** One contract as it was put on the chain. */
export interface Deployed {
  readonly address: Address;
  readonly gasUsed: bigint;
  readonly block: bigint;
}

/** Called with each contract as soon as it is on the chain. */
export type OnDeployed = (name: string, deployed: Deployed) => void;

/** Deploys contracts one after the other and libraries once each. */
export class Deployer {
  readonly #client: DeployClient;
  readonly #libraries = new Map<string, Address>();
  #nonce: number | undefined;
  /** gas used so far */
  gasUsed = 0n;
  /** block of the first deployment: event scans start here */
  firstBlock: bigint | undefined;

  constructor(
    client: DeployClient,
    private readonly onDeployed?: OnDeployed,
  ) {
    this.#client = client;
  }

  /**
   * Deploy a contract, its libraries first, and wait for it.
   * @throws ArtifactError when it has not been built
   * @throws DeploymentError when the transaction reverted
   */
  async deploy(name: string, args: readonly unknown[] = []): Promise<Deployed> {
    const artifact = await readArtifact(name);
    for (const library of librariesOf(artifact)) {
      if (!this.#libraries.has(library)) this.#libraries.set(library, (await this.deploy(library)).address);
    }
    // Counted here: a node that lags behind would hand out a nonce that is in use.
    this.#nonce ??= await getTransactionCount(this.#client, {
      address: this.#client.account.address,
      blockTag: 'pending',
    });
    const hash = await deployContract(this.#client, {
      abi: artifact.abi,
      bytecode: linkBytecode(artifact, this.#libraries),
      args,
      nonce: this.#nonce,
    });
    this.#nonce += 1;
    const receipt = await waitForTransactionReceipt(this.#client, { hash, timeout: RECEIPT_TIMEOUT_MS });
    if (receipt.status !== 'success' || !receipt.contractAddress) {
      throw new DeploymentError(`deployment of ${name} reverted in ${hash}`);
    }
    this.gasUsed += receipt.gasUsed;
    this.firstBlock ??= receipt.blockNumber;
    const deployed = { address: receipt.contractAddress, gasUsed: receipt.gasUsed, block: receipt.blockNumber };
    this.onDeployed?.(name, deployed);
    return deployed;
  }
}
