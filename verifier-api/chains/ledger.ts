// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import type { Fr } from '../../protocol/field.ts';
import type { ChainClient } from './chain-client.ts';

/** What a destination's ledger believes of one source chain. */
export interface LedgerHead {
  /** 0 when it holds none */
  readonly height: bigint;
  readonly frozen: boolean;
  readonly registered: boolean;
}

/** Reads of one chain's `CheckpointLedger`. */
export class Ledger {
  constructor(private readonly chain: ChainClient) {}

  async head(chainKey: ChainKey): Promise<LedgerHead> {
    const { interval, headHeight, freeze } = await this.#read((contract) =>
      this.chain.client.readContract({ ...contract, functionName: 'chain', args: [chainKey] }),
    );
    return { height: headHeight, frozen: freeze !== 0, registered: interval !== 0 };
  }

  /** Digest held at a height, zero for none, and since when in seconds of its chain. */
  async held(chainKey: ChainKey, height: bigint): Promise<{ digest: Hex; since: bigint }> {
    const [digest, since] = await this.#read((contract) =>
      this.chain.client.readContract({ ...contract, functionName: 'held', args: [chainKey, height] }),
    );
    return { digest, since };
  }

  async latestEpoch(): Promise<bigint> {
    const [, epoch] = await this.#read((contract) =>
      this.chain.client.readContract({ ...contract, functionName: 'latestSet' }),
    );
    return epoch;
  }

  /** Whether its sets' members can be slashed on its chain. */
  async knowsSet(commitment: Fr): Promise<boolean> {
    const { epoch } = await this.#read((contract) =>
      this.chain.client.readContract({ ...contract, functionName: 'setRecord', args: [commitment] }),
    );
    return epoch !== 0n;
  }

  async lastRotationHeight(): Promise<bigint> {
    return this.#read((contract) =>
      this.chain.client.readContract({ ...contract, functionName: 'lastRotationHeight' }),
    );
  }

  #read<T>(ask: (contract: { address: Hex; abi: typeof checkpointLedgerAbi }) => Promise<T>): Promise<T> {
    return this.chain.call(() => ask({ address: this.chain.config.contracts.ledger, abi: checkpointLedgerAbi }));
  }
}
