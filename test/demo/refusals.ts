// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { BaseError, ContractFunctionRevertedError, encodeFunctionData, type Abi, type Address } from 'viem';
import { ACCOUNTS, type LocalChain } from '../../cli/system/local-chain.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { mintBridgeAbi } from '../../protocol/abi/mint-bridge.ts';
import { stateReaderAbi } from '../../protocol/abi/state-reader.ts';
import { timelockAbi } from '../../protocol/abi/timelock.ts';
import { verifierRegistryAbi } from '../../protocol/abi/verifier-registry.ts';
import { resultOf } from './world.ts';
import type { StepResult } from './report.ts';

/** One contract passes on the errors of others. */
const ERRORS: Abi = [
  checkpointLedgerAbi,
  mintBridgeAbi,
  stateReaderAbi,
  verifierRegistryAbi,
  timelockAbi,
  cometBftLedgerAbi,
  coalitionAbi,
].flatMap((abi) => (abi as Abi).filter(({ type }) => type === 'error'));

/** Enough for any call of ours, so that a refused one is mined all the same. */
const GAS = 3_000_000n;

export interface Call {
  readonly abi: Abi;
  readonly address: Address;
  readonly functionName: string;
  readonly args: readonly unknown[];
}

/**
 * Send a transaction that the chain must refuse, for exactly this reason.
 * @param errorName of the custom error; undefined for any reason
 */
export async function refused({ client }: LocalChain, call: Call, errorName: string | undefined): Promise<StepResult> {
  const { abi, address, functionName, args } = call;
  const methods = abi.filter(({ type }) => type !== 'error');
  const account = ACCOUNTS.owner;
  const reason = await client
    .simulateContract({ abi: [...methods, ...ERRORS], address, functionName, args, account })
    .then(
      () => assert.fail(`${functionName} was let through`),
      (error: unknown) => revertName(error),
    );
  if (errorName !== undefined) assert.equal(reason, errorName, `${functionName} was refused for another reason`);
  const hash = await client.sendTransaction({
    account,
    to: address,
    data: encodeFunctionData({ abi: methods, functionName, args }),
    gas: GAS,
  });
  const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: 50 });
  assert.equal(receipt.status, 'reverted');
  return resultOf(receipt);
}

function revertName(error: unknown): string | undefined {
  const reverted =
    error instanceof BaseError ? error.walk((cause) => cause instanceof ContractFunctionRevertedError) : null;
  if (!(reverted instanceof ContractFunctionRevertedError)) throw error;
  return reverted.data?.errorName ?? reverted.signature ?? reverted.reason;
}
