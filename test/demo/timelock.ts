// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { zeroHash, type TransactionReceipt } from 'viem';
import { PERIODS } from '../../cli/system/deploy-local.ts';
import { ACCOUNTS, type LocalChain } from '../../cli/system/local-chain.ts';
import { timelockAbi } from '../../protocol/abi/timelock.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { refused } from './refusals.ts';

/** One call by the owner of a chain's contracts, which the timelock lets through after its delay. */
export class OwnerCall {
  constructor(
    private readonly chain: LocalChain,
    private readonly target: Hex,
    private readonly data: Hex,
  ) {}

  async schedule(): Promise<TransactionReceipt> {
    const args = [this.target, 0n, this.data, zeroHash, zeroHash, BigInt(PERIODS.timelockDelay)];
    return this.chain.write(ACCOUNTS.owner, 'TimelockController', this.chain.deployment.timelock, 'schedule', args);
  }

  /** Not before the delay has passed. */
  async assertTooEarly(): Promise<void> {
    await refused(this.chain, this.#execution(), 'TimelockUnexpectedOperationState');
  }

  /** Anyone may, once the delay has passed. */
  async execute(): Promise<TransactionReceipt> {
    const { address, args } = this.#execution();
    const receipt = await this.chain.write(ACCOUNTS.relayer, 'TimelockController', address, 'execute', args);
    assert.equal(receipt.status, 'success');
    return receipt;
  }

  #execution() {
    const args = [this.target, 0n, this.data, zeroHash, zeroHash];
    return { abi: timelockAbi, address: this.chain.deployment.timelock, functionName: 'execute', args };
  }
}
