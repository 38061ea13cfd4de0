// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeAbiParameters, getAbiItem, keccak256 } from 'viem';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { LedgerState } from '../../protocol/cometbft/ledger-header.ts';
import type { ChainClient } from './chain-client.ts';

const stateType = getAbiItem({ abi: cometBftLedgerAbi, name: 'acceptedAt' }).inputs;

/** Reads of one `CometBftLedger`. */
export class CometBftLedger {
  constructor(
    readonly chain: ChainClient,
    readonly address: Hex,
  ) {}

  /** Highest height that it holds. */
  async headHeight(): Promise<bigint> {
    const { headHeight } = await this.chain.call((client) =>
      client.readContract({ address: this.address, abi: cometBftLedgerAbi, functionName: 'status' }),
    );
    return headHeight;
  }

  /** The height that it holds after one that it holds, 0 after its head; undefined where it holds none. */
  async after(height: bigint): Promise<bigint | undefined> {
    const { digest, next } = await this.#held(height);
    return BigInt(digest) === 0n ? undefined : next;
  }

  async holds(state: LedgerState): Promise<boolean> {
    const { digest } = await this.#held(state.height);
    return digest === keccak256(encodeAbiParameters(stateType, [state]));
  }

  async #held(height: bigint): Promise<{ digest: Hex; next: bigint }> {
    return this.chain.call((client) =>
      client.readContract({ address: this.address, abi: cometBftLedgerAbi, functionName: 'held', args: [height] }),
    );
  }
}
