// SPDX-License-Identifier: GPL-3.0-or-later
import { parseDuplicateVote, type DuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import { InvalidFieldError } from '../../protocol/errors.ts';
import type { Logger } from '../../runtime/log.ts';
import type { CometBftSource } from '../sources/cometbft/cometbft-source.ts';

/** Blocks whose headers a node gives at once. */
const RANGE = 20n;
/** A duplicate vote is some 1.5 KiB; fields that nobody reads could make it any length. */
const MAX_CHARACTERS = 8_192;

/** A duplicate vote that a node says a block holds. Only its form and that the votes are not of the future is known. */
export interface FoundOffence {
  readonly votes: DuplicateVote;
  /** as the block lists it */
  readonly evidence: unknown;
  /** the same as text: two pieces are the same when these are */
  readonly text: string;
}

/** Takes what is found. While it is full, no further block is read. */
export interface OffenceSink {
  readonly isFull: boolean;
  add(offence: FoundOffence): void;
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
  async readTo(height: bigint, earliest: bigint, sink: OffenceSink): Promise<void> {
    if (this.#scanned < earliest - 1n) this.#scanned = earliest - 1n;
    while (this.#scanned < height) {
      const lowest = this.#scanned + 1n;
      const highest = lowest + RANGE - 1n < height ? lowest + RANGE - 1n : height;
      for (const at of await this.source.heightsWithEvidence(lowest, highest)) {
        if (sink.isFull) return;
        this.#take(at, await this.source.evidence(at), sink);
        this.#scanned = at;
      }
      this.#scanned = highest;
    }
  }

  #take(block: bigint, listed: readonly unknown[], sink: OffenceSink): void {
    const errors: InvalidFieldError[] = [];
    for (const evidence of listed) {
      try {
        sink.add(readOffence(evidence, block));
      } catch (error) {
        if (!(error instanceof InvalidFieldError)) throw error;
        errors.push(error);
      }
    }
    if (errors.length === 0) return;
    const fields = { block: String(block), pieces: errors.length, err: errors[0] };
    this.log.error(fields, 'a block holds evidence that is no duplicate vote, or of a height above its own');
  }
}

/** @throws InvalidFieldError */
function readOffence(evidence: unknown, block: bigint): FoundOffence {
  const text = textOf(evidence);
  if (text === undefined || text.length > MAX_CHARACTERS) {
    throw new InvalidFieldError('evidence', `at most ${MAX_CHARACTERS} characters of JSON`);
  }
  const votes = parseDuplicateVote(evidence, 'evidence');
  if (votes.voteA.height > block) {
    throw new InvalidFieldError('evidence.value.vote_a.height', `at most ${block}, the height of the block`);
  }
  return { votes, evidence, text };
}

/** Undefined for what is nested too deeply to be written, though it could be read. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}
