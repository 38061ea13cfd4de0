// SPDX-License-Identifier: GPL-3.0-or-later
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import type { Checkpoint } from '../../protocol/attestation.ts';
import { checkpointDigest } from '../../protocol/checkpoint-digest.ts';
import type { ChainConfig } from '../../runtime/common-config.ts';
import { evmClient } from '../lib/evm-client.ts';

/** A ledger that takes a chain's checkpoints, as an attester sees it: whose votes it wants, and for what. */
export interface FollowedLedger {
  /** commitment of the latest set that it goes by; zero before its first */
  latestSet(): Promise<bigint>;
  /** whether it holds exactly this checkpoint already: no further vote is of use to it */
  holds(checkpoint: Checkpoint): Promise<boolean>;
}

export function followedLedger({ rpcs, contracts }: ChainConfig): FollowedLedger {
  const client = evmClient(rpcs);
  const ledger = { address: contracts.ledger, abi: checkpointLedgerAbi } as const;
  return {
    async latestSet() {
      const [commitment] = await client.readContract({ ...ledger, functionName: 'latestSet' });
      return commitment;
    },
    async holds(checkpoint) {
      const args = [checkpoint.chainKey, checkpoint.height] as const;
      const [digest] = await client.readContract({ ...ledger, functionName: 'held', args });
      return digest === checkpointDigest(checkpoint);
    },
  };
}
