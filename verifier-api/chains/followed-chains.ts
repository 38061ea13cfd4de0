// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainId } from '../../protocol/chain.ts';
import type { FollowedChain } from '../../runtime/followed-chain.ts';
import { Problem } from '../http/problem.ts';
import type { Chains } from './chains.ts';
import { CometBftLedger } from './cometbft-ledger.ts';

/** The CometBFT chains of the configuration, and the ledgers that follow them. */
export class FollowedChains {
  constructor(
    readonly all: readonly FollowedChain[],
    private readonly chains: Chains,
  ) {}

  /** For a chain that the path names. @throws Problem NOT_FOUND */
  inPath(id: ChainId): FollowedChain {
    const found = this.find(id);
    if (!found) throw new Problem('NOT_FOUND', `no followed chain ${id}`);
    return found;
  }

  find(id: ChainId): FollowedChain | undefined {
    return this.all.find((chain) => chain.id === id);
  }

  /** Those where a ledger follows the chain. */
  destinations(id: ChainId): ChainId[] {
    return this.find(id)?.ledgers.map(({ chain }) => chain) ?? [];
  }

  /** @throws Problem CHAIN_UNKNOWN, or NOT_DELIVERABLE where no ledger follows the chain */
  ledger(id: ChainId, destination: ChainId): CometBftLedger {
    const chain = this.chains.get(destination);
    const found = this.find(id)?.ledgers.find((ledger) => ledger.chain === destination);
    if (!found) throw new Problem('NOT_DELIVERABLE', `no ledger on ${destination} follows ${id}`);
    return new CometBftLedger(chain, found.address);
  }
}
