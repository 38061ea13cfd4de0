// SPDX-License-Identifier: GPL-3.0-or-later
import type { Address, Chain, TransactionReceipt } from 'viem';
import type { HDAccount } from 'viem/accounts';
import { mnemonicToAccount } from 'viem/accounts';
import { readArtifact } from '../../contracts/deploy/artifact.ts';
import type { Deployment } from '../../contracts/deploy/options.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { chainKey, parseChainId, type ChainId, type ChainKey } from '../../protocol/chain.ts';
import { ANVIL_MNEMONIC, anvilClient, localChain, untilAnswering, type AnvilClient } from './anvil.ts';

/** Accounts of the mnemonic by what they do. Operators of validators follow (see validators.ts). */
export const ACCOUNTS = {
  /** deploys, and proposes to the timelocks */
  owner: mnemonicToAccount(ANVIL_MNEMONIC, { addressIndex: 0 }),
  guardian: mnemonicToAccount(ANVIL_MNEMONIC, { addressIndex: 1 }),
  relayer: mnemonicToAccount(ANVIL_MNEMONIC, { addressIndex: 2 }),
} as const;

/** A transaction was mined and reverted. */
export class RevertedError extends Error {
  constructor(
    what: string,
    readonly receipt: TransactionReceipt,
  ) {
    super(`${what} reverted in ${receipt.transactionHash}`);
  }
}

/** A chain of the local system, seen from outside: what it holds is read by RPC. */
export class LocalChain {
  readonly client: AnvilClient;
  #deployment: Deployment | undefined;

  private constructor(
    readonly id: ChainId,
    readonly name: string,
    readonly url: string,
    readonly chain: Chain,
    readonly genesisHash: Hex,
    readonly chainKey: ChainKey,
  ) {
    this.client = anvilClient(url, chain);
  }

  /** @param name for people */
  static async connect(chainId: number, name: string, url: string): Promise<LocalChain> {
    const chain = localChain(chainId, name, url);
    const client = anvilClient(url, chain);
    await untilAnswering(client);
    const { hash } = await client.getBlock({ blockNumber: 0n });
    const id = parseChainId(`eip155:${chainId}`, 'chain id');
    return new LocalChain(id, name, url, chain, hash, chainKey(id, hash));
  }

  get deployment(): Deployment {
    if (!this.#deployment) throw new Error(`nothing is deployed on ${this.name} yet`);
    return this.#deployment;
  }

  set deployment(deployment: Deployment) {
    this.#deployment = deployment;
  }

  /** Read one of our contracts. @param contract name of its artifact */
  async read<T>(contract: string, address: Address, functionName: string, args: readonly unknown[] = []): Promise<T> {
    const { abi } = await readArtifact(contract);
    // The caller names the result's type, as the contract's interface gives it.
    return (await this.client.readContract({ abi, address, functionName, args })) as T;
  }

  /**
   * Send a transaction to one of our contracts and wait for it.
   * @throws RevertedError; viem's ContractFunctionRevertedError when it would revert already
   */
  async write(
    account: HDAccount,
    contract: string,
    address: Address,
    functionName: string,
    args: readonly unknown[] = [],
    value = 0n,
  ): Promise<TransactionReceipt> {
    const { abi } = await readArtifact(contract);
    const { request } = await this.client.simulateContract({ abi, address, functionName, args, account, value });
    const hash = await this.client.writeContract(request);
    const receipt = await this.client.waitForTransactionReceipt({ hash, pollingInterval: 50, timeout: 30_000 });
    if (receipt.status !== 'success') throw new RevertedError(`${contract}.${functionName}`, receipt);
    return receipt;
  }

  /** The chain's clock, in seconds. */
  async now(): Promise<bigint> {
    return (await this.client.getBlock({ blockTag: 'latest' })).timestamp;
  }
}

/** Seal the hub's present stakes as the next epoch. Anyone may. */
export function sealEpoch(hub: LocalChain): Promise<TransactionReceipt> {
  return hub.write(ACCOUNTS.owner, 'HubCoalition', hub.deployment.coalition, 'sealEpoch');
}
