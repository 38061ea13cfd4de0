// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainId } from '../../protocol/chain.ts';
import { offenceId, verifyDuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import { CometBftRefusal } from '../../protocol/cometbft/refusal.ts';
import { PhalanxError } from '../../protocol/errors.ts';
import type { Logger } from '../../runtime/log.ts';
import type { ApiClient } from '../api/api-client.ts';
import { ApiProblemError } from '../api/errors.ts';
import { Deferrals } from '../lib/deferrals.ts';
import type { CometBftSource, LightBlock } from '../sources/cometbft/cometbft-source.ts';
import { SourceUnavailableError } from '../sources/errors.ts';
import { ContradictionError, NothingTrustedError } from './errors.ts';
import type { FoundOffence, OffenceSink } from './evidence-scan.ts';
import type { FollowMetrics } from './follow-metrics.ts';
import type { HeaderPost } from './header-post.ts';
import { PostedOffences } from './posted-offences.ts';

export interface OffencesOptions {
  readonly chain: ChainId;
  /** the chain's own name, which its validators sign */
  readonly chainId: string;
  readonly source: Pick<CometBftSource, 'path' | 'lightBlock'>;
  readonly api: Pick<ApiClient, 'acceptedBelow' | 'postDuplicateVote' | 'duplicateVoteState'>;
  readonly headers: Pick<HeaderPost, 'send'>;
  readonly metrics: Pick<FollowMetrics, 'evidencePosted' | 'evidenceWaiting'>;
  readonly log: Logger;
  /** Unix milliseconds */
  readonly now?: () => number;
}

/** Pieces that wait before no more blocks are read for them. */
const MOST_WAITING = 1_000;
/** Of one turn: each height may take a walk through the chain, each piece two signatures to check. */
const HEIGHTS_A_TURN = 8;
const PIECES_A_TURN = 200;
/** Votes of a height that no node shows are left behind after so many tries, which is some four minutes. */
const MOST_TRIES = 8;

/**
 * Duplicate votes on their way to the API. A node may list what it likes: nothing is posted, not even a header, before
 * the votes are checked against the set of their height. One of a validator is enough, and under way at a time.
 */
export class Offences implements OffenceSink {
  readonly #waiting = new Map<string, FoundOffence>();
  readonly #tries = new Map<bigint, number>();
  readonly #deferrals: Deferrals;
  readonly #posted: PostedOffences;

  constructor(private readonly options: OffencesOptions) {
    this.#deferrals = new Deferrals(options.now);
    this.#posted = new PostedOffences(options);
  }

  get isFull(): boolean {
    return this.#waiting.size >= MOST_WAITING;
  }

  add(offence: FoundOffence): void {
    const wasFull = this.isFull;
    this.#waiting.set(offence.text, offence);
    if (this.isFull && !wasFull) {
      this.options.log.warn(
        { waiting: this.#waiting.size },
        'reading for evidence pauses: too much waits to be checked',
      );
    }
  }

  /** One turn. @throws ContradictionError; whatever is not thrown on purpose */
  async deliver(): Promise<void> {
    const { chain, metrics } = this.options;
    try {
      await this.#posted.check();
      for (const [height, found] of this.#due()) await this.#atHeight(height, found);
    } finally {
      metrics.evidenceWaiting.set({ chain }, this.#waiting.size + this.#posted.size);
    }
  }

  /** What this turn is for, by the votes' height. */
  #due(): Map<bigint, FoundOffence[]> {
    const due = new Map<bigint, FoundOffence[]>();
    let pieces = 0;
    for (const offence of this.#waiting.values()) {
      const { height } = offence.votes.voteA;
      const found = due.get(height) ?? [];
      if (this.#deferrals.isDeferred(String(height)) || (!due.has(height) && due.size === HEIGHTS_A_TURN)) continue;
      due.set(height, [...found, offence]);
      if ((pieces += 1) === PIECES_A_TURN) break;
    }
    return due;
  }

  async #atHeight(height: bigint, found: readonly FoundOffence[]): Promise<void> {
    const { log } = this.options;
    const at = { height: String(height) };
    try {
      await this.#deliver(height, found);
      this.#tries.delete(height);
      this.#deferrals.clear(String(height));
    } catch (error) {
      const tries = (this.#tries.get(height) ?? 0) + 1;
      if (isFinal(error) || (error instanceof SourceUnavailableError && tries >= MOST_TRIES)) {
        this.#forget(found);
        this.#tries.delete(height);
        this.#deferrals.clear(String(height));
        log.error({ ...at, pieces: found.length, err: error }, 'evidence of a block is left behind');
        return;
      }
      const retryMs = this.#deferrals.defer(String(height));
      if (error instanceof SourceUnavailableError) this.#tries.set(height, tries);
      if (error instanceof ContradictionError || !(error instanceof PhalanxError)) throw error;
      log.warn({ ...at, pieces: found.length, err: error, retryMs }, 'evidence is not posted yet');
    }
  }

  /** The header of the votes' height says who was a validator then. It is posted for votes that hold. */
  async #deliver(height: bigint, found: readonly FoundOffence[]): Promise<void> {
    const { chain, source, api, headers } = this.options;
    const accepted = await api.acceptedBelow(chain, height + 1n);
    if (!accepted) throw new NothingTrustedError('no header up to it is accepted', { height: String(height) });
    const path = accepted.height === height ? [] : await source.path(accepted, height);
    const block = path.at(-1)?.block ?? (await source.lightBlock(height, accepted.blockHash));
    const held = this.#held(found, block);
    if (held.length === 0) return;
    await headers.send(path);
    for (const offence of held) await this.#post(offence, block);
  }

  /** Those whose votes hold; the others are forgotten. */
  #held(found: readonly FoundOffence[], { signedHeader, validators }: LightBlock): readonly FoundOffence[] {
    const { chainId, log } = this.options;
    const refusals: CometBftRefusal[] = [];
    const held = found.filter((offence) => {
      if (this.#posted.has(offence.votes.voteA.address)) {
        this.#forget([offence]);
        return false;
      }
      try {
        verifyDuplicateVote(chainId, offence.votes, validators);
        return true;
      } catch (error) {
        if (!(error instanceof CometBftRefusal)) throw error;
        refusals.push(error);
        this.#forget([offence]);
        return false;
      }
    });
    if (refusals.length > 0) {
      const fields = { height: String(signedHeader.header.height), pieces: refusals.length, err: refusals[0] };
      log.error(fields, 'evidence that a node lists does not hold');
    }
    return held;
  }

  async #post(offence: FoundOffence, block: LightBlock): Promise<void> {
    const { chain, api, metrics, log } = this.options;
    const id = offenceId(offence.votes);
    const validator = offence.votes.voteA.address;
    if (!this.#posted.has(validator)) {
      try {
        const record = await api.postDuplicateVote(chain, offence.evidence, block);
        this.#posted.add(validator, { record, id, evidence: offence.evidence, block });
        metrics.evidencePosted.inc({ chain });
        log.warn({ offence: id, record }, 'a validator voted twice: the evidence is posted');
      } catch (error) {
        if (!isFinal(error)) throw error;
        log.error({ offence: id, err: error }, 'evidence of a block is refused');
      }
    }
    this.#forget([offence]);
  }

  #forget(offences: readonly FoundOffence[]): void {
    for (const { text } of offences) this.#waiting.delete(text);
  }
}

/** Whether trying again cannot help. */
function isFinal(error: unknown): boolean {
  if (error instanceof ApiProblemError) return !error.retryable && error.problem !== 'HEADER_NOT_ACCEPTED';
  return error instanceof NothingTrustedError;
}
