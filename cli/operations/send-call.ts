// SPDX-License-Identifier: GPL-3.0-or-later
import type { Abi } from 'viem';
import { simulateContract, waitForTransactionReceipt, writeContract } from 'viem/actions';
import type { Hex } from '../../protocol/bytes.ts';
import type { Secret } from '../../runtime/secret.ts';
import { walletOf, type ConnectedChain } from './connect-chain.ts';
import { chainError, OperationError } from './operation-error.ts';

/** Ten minutes: a fee that was right when it was sent may wait for its block. */
const RECEIPT_TIMEOUT_MS = 600_000;

/** A call of a contract that an operator sends. */
export interface ContractCall {
  readonly chain: ConnectedChain;
  /** in words of an operator: what is tried */
  readonly what: string;
  /** 20 bytes: who sends it */
  readonly from: Hex;
  readonly address: Hex;
  /** with the errors that come through the contract */
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
  readonly valueWei: bigint;
}

/** A transaction that the chain took. */
export interface Sent {
  readonly hash: Hex;
  readonly block: bigint;
  readonly gasUsed: bigint;
}

/** Try a call as if it were sent now. @throws OperationError that names the contract's reason */
export async function tryCall({ chain, what, from, valueWei, ...call }: ContractCall): Promise<void> {
  await simulateContract(chain.client, { ...call, account: from, value: valueWei }).catch((error: unknown) => {
    throw chainError(what, error);
  });
}

/**
 * @param key of the account that sends
 * @param onSent called before the wait for its block
 * @throws OperationError when the chain does not take it
 */
export async function sendCall(
  { chain, what, valueWei, ...call }: ContractCall,
  key: Secret,
  onSent: (hash: Hex) => void,
): Promise<Sent> {
  const { address, abi, functionName, args } = call;
  const wallet = walletOf(chain, key);
  try {
    const hash = await writeContract(wallet, { address, abi, functionName, args, value: valueWei });
    onSent(hash);
    const { status, blockNumber, gasUsed } = await waitForTransactionReceipt(wallet, {
      hash,
      timeout: RECEIPT_TIMEOUT_MS,
    });
    if (status !== 'success') throw new OperationError(`${what} reverted in ${hash}`, { hash });
    return { hash, block: blockNumber, gasUsed };
  } catch (error) {
    throw chainError(what, error);
  }
}
