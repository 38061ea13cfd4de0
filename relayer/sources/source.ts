// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainId, ChainKey } from '../../protocol/chain.ts';
import type { Checkpoint } from '../../protocol/attestation.ts';

/** A chain that is followed: what it finalised, as several of its nodes agree. */
export interface Source {
  readonly id: ChainId;
  readonly chainKey: ChainKey;

  /**
   * That the nodes are of the configured chain: its id and its genesis block.
   * @throws SourceMismatchError when they are of another, SourceUnavailableError when too few answer
   */
  check(): Promise<void>;

  /**
   * Highest height that the required number of nodes holds final.
   * @throws SourceUnavailableError when too few answer
   */
  finalisedHeight(): Promise<bigint>;

  /**
   * The block at a height, its hash recomputed from its header. The caller asks for finalised heights only.
   * @throws SourceUnavailableError when too few answer, SourceDisagreementError when they contradict each other
   */
  checkpointAt(height: bigint): Promise<Checkpoint>;
}
