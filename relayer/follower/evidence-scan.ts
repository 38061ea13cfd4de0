// SPDX-License-Identifier: GPL-3.0-or-later
import { offenceId, parseDuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import { InvalidFieldError } from '../../protocol/errors.ts';
import type { Logger } from '../../runtime/log.ts';
import type { CometBftSource } from '../sources/cometbft/cometbft-source.ts';

/** Blocks whose headers a node gives at once. */
const RANGE = 20n;

/** A duplicate vote that a block holds. What it says is not checked. */
export interface FoundOffence {
  readonly id: string;
  /** of the votes */
  readonly height: bigint;
  /** as the block lists it */
  readonly evidence: unknown;
}

/** Reads the chain's blocks in order for the evidence that its validators put there. */
export class EvidenceScan {
  #scanned: bigint;

  /** @param after the height after which it begins */
  constructor(
    private readonly source: CometBftSource,
    after: bigint,
    private readonly log: Logger,
  ) {
    this.#scanned = after;
  }

  /**
   * Read on, up to a height that the chain has. What was found before an error is handed over, and not read again.
   * @param earliest the oldest block that any node still has
   * @throws SourceUnavailableError
   */
  async readTo(height: bigint, earliest: bigint, found: (offence: FoundOffence) => void): Promise<void> {
    if (this.#scanned < earliest - 1n) this.#scanned = earliest - 1n;
    while (this.#scanned < height) {
      const lowest = this.#scanned + 1n;
      const highest = lowest + RANGE - 1n < height ? lowest + RANGE - 1n : height;
      for (const at of await this.source.heightsWithEvidence(lowest, highest)) {
        for (const evidence of await this.source.evidence(at)) this.#take(at, evidence, found);
        this.#scanned = at;
      }
      this.#scanned = highest;
    }
  }

  #take(block: bigint, evidence: unknown, found: (offence: FoundOffence) => void): void {
    try {
      const votes = parseDuplicateVote(evidence, 'evidence');
      found({ id: offenceId(votes), height: votes.voteA.height, evidence });
    } catch (error) {
      if (!(error instanceof InvalidFieldError)) throw error;
      const type = (evidence as { type?: unknown } | null)?.type;
      this.log.error({ block: String(block), type, err: error }, 'a block holds evidence that is no duplicate vote');
    }
  }
}
