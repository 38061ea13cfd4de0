// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import { PhalanxError } from '../../protocol/errors.ts';
import type { Logger } from '../../runtime/log.ts';
import type { ApiClient } from '../api/api-client.ts';
import { Deferrals } from '../lib/deferrals.ts';
import type { LightBlock } from '../sources/cometbft/cometbft-source.ts';

/** What is proved by nobody after so many tries is left to an operator. */
const MOST_REPOSTS = 10;

/** A duplicate vote that the API accepted, with what it takes to post it again. */
export interface PostedOffence {
  /** the API's name of it */
  readonly record: Hex;
  /** ours, for the log */
  readonly id: string;
  readonly evidence: unknown;
  /** of the votes' height */
  readonly block: Pick<LightBlock, 'answers'>;
}

export interface PostedOffencesOptions {
  readonly chain: ChainId;
  readonly api: Pick<ApiClient, 'postDuplicateVote' | 'duplicateVoteState'>;
  readonly log: Logger;
  /** Unix milliseconds */
  readonly now?: () => number;
}

/** Duplicate votes that are posted and not proved yet, one of a validator; posted again when their proving fails. */
export class PostedOffences {
  readonly #byValidator = new Map<Hex, { readonly offence: PostedOffence; reposts: number }>();
  readonly #deferrals: Deferrals;

  constructor(private readonly options: PostedOffencesOptions) {
    this.#deferrals = new Deferrals(options.now);
  }

  get size(): number {
    return this.#byValidator.size;
  }

  has(validator: Hex): boolean {
    return this.#byValidator.has(validator);
  }

  add(validator: Hex, offence: PostedOffence): void {
    this.#byValidator.set(validator, { offence, reposts: 0 });
    this.#deferrals.defer(validator);
  }

  /** One turn: look after each, less and less often. The API's errors are logged. */
  async check(): Promise<void> {
    for (const validator of [...this.#byValidator.keys()]) {
      if (this.#deferrals.isDeferred(validator)) continue;
      const retryMs = this.#deferrals.defer(validator);
      try {
        await this.#check(validator);
      } catch (err) {
        if (!(err instanceof PhalanxError)) throw err;
        this.options.log.warn(
          { validator, err, retryMs },
          'whether a posted duplicate vote is proved is not known yet',
        );
      }
    }
  }

  async #check(validator: Hex): Promise<void> {
    const { chain, api, log } = this.options;
    const entry = this.#byValidator.get(validator);
    if (!entry) return;
    const { record, id, evidence, block } = entry.offence;
    const state = await api.duplicateVoteState(record);
    if (state === 'proving') return;
    if (state === 'failed' && entry.reposts < MOST_REPOSTS) {
      log.error({ offence: id, record }, 'a duplicate vote is not proved; it is posted again');
      entry.reposts += 1;
      await api.postDuplicateVote(chain, evidence, block);
      return;
    }
    if (state === 'failed') log.error({ offence: id, record, reposts: entry.reposts }, 'a duplicate vote is given up');
    this.#byValidator.delete(validator);
    this.#deferrals.clear(validator);
  }
}
