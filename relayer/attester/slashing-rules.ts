// SPDX-License-Identifier: GPL-3.0-or-later
import { conflictOf, sameCheckpoint, type Attestation } from '../../protocol/attestation.ts';
import type { Domain } from '../../protocol/domain.ts';
import { SlashableVoteError } from './errors.ts';

/** A vote in one domain. */
export interface Vote {
  readonly domain: Domain;
  readonly attestation: Attestation;
}

/**
 * What stands for votes that are no longer recorded one by one (EIP-3076, "minimal" form): their highest source and
 * highest target.
 */
export interface Watermark {
  readonly source: bigint;
  readonly target: bigint;
}

/** What one key has signed in one domain about one chain. */
export class VoteHistory {
  private readonly votes: Attestation[] = [];
  private mark: Watermark | undefined;

  get watermark(): Watermark | undefined {
    return this.mark;
  }

  get recorded(): readonly Attestation[] {
    return this.votes;
  }

  has(attestation: Attestation): boolean {
    return this.votes.some((vote) => sameVote(vote, attestation));
  }

  /**
   * Allow a vote only if no vote ever cast contradicts it.
   * @throws SlashableVoteError
   */
  assertSafe(attestation: Attestation): void {
    // What was signed before may be signed again: it is the same signature.
    if (this.has(attestation)) return;
    const { sourceHeight, checkpoint } = attestation;
    const meta = { source: String(sourceHeight), target: String(checkpoint.height), chain: checkpoint.chainKey };
    if (this.mark && (sourceHeight < this.mark.source || checkpoint.height <= this.mark.target)) {
      throw new SlashableVoteError('below the watermark of votes no longer recorded', meta);
    }
    for (const vote of this.votes) {
      const conflict = conflictOf(vote, attestation);
      if (!conflict) continue;
      throw new SlashableVoteError(`would be a ${conflict}`, {
        ...meta,
        recordedSource: String(vote.sourceHeight),
        recordedTarget: String(vote.checkpoint.height),
      });
    }
  }

  add(attestation: Attestation): void {
    this.votes.push(attestation);
  }

  /** Raise the watermark; it never falls. */
  raise({ source, target }: Watermark): void {
    const { source: s, target: t } = this.mark ?? { source: 0n, target: 0n };
    this.mark = { source: source > s ? source : s, target: target > t ? target : t };
  }

  /** Keep the votes of the highest `keep` targets one by one, and a watermark for the rest. */
  prune(keep: number): void {
    const sorted = this.votes.splice(0).sort((a, b) => compare(a.checkpoint.height, b.checkpoint.height));
    const cut = Math.max(sorted.length - keep, 0);
    // Votes at one target stay or go together, so that every kept one lies above the watermark.
    const limit = sorted[cut - 1]?.checkpoint.height;
    for (const vote of sorted) {
      if (limit !== undefined && vote.checkpoint.height <= limit) {
        this.raise({ source: vote.sourceHeight, target: vote.checkpoint.height });
      } else {
        this.votes.push(vote);
      }
    }
  }
}

function sameVote(a: Attestation, b: Attestation): boolean {
  return (
    a.setCommitment === b.setCommitment &&
    a.sourceHeight === b.sourceHeight &&
    sameCheckpoint(a.checkpoint, b.checkpoint)
  );
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
