// SPDX-License-Identifier: GPL-3.0-or-later
import type { Checkpoint } from '../../protocol/attestation.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import type { AttestationStore } from '../store/attestation-store.ts';
import { checkpointDigest } from '../../protocol/checkpoint-digest.ts';
import type { Ledger } from './ledger.ts';

/** A checkpoint in full, of which a ledger holds the digest. */
export interface HeldCheckpoint {
  readonly checkpoint: Checkpoint;
  /** when the ledger accepted it, in seconds of its chain */
  readonly acceptedAt: bigint;
}

/** The checkpoint that a ledger holds at a height, if it is among those that had a quorum here. */
export async function heldCheckpoint(
  attestations: AttestationStore,
  ledger: Ledger,
  chainKey: ChainKey,
  height: bigint,
): Promise<HeldCheckpoint | undefined> {
  const { digest, since } = await ledger.held(chainKey, height);
  for (const message of await attestations.quorumsAt(chainKey, height)) {
    const checkpoint = (await attestations.message(message))?.attestation.checkpoint;
    if (checkpoint && checkpointDigest(checkpoint) === digest) return { checkpoint, acceptedAt: since };
  }
  return undefined;
}
