// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainId } from '../../protocol/chain.ts';
import { PhalanxError } from '../../protocol/errors.ts';
import type { Logger } from '../../runtime/log.ts';
import type { ApiClient } from '../api/api-client.ts';
import { ApiProblemError } from '../api/errors.ts';
import { Deferrals } from '../lib/deferrals.ts';
import type { CometBftSource } from '../sources/cometbft/cometbft-source.ts';
import { ContradictionError, NothingTrustedError } from './errors.ts';
import type { FoundOffence } from './evidence-scan.ts';
import type { FollowMetrics } from './follow-metrics.ts';
import type { HeaderPost } from './header-post.ts';

export interface OffencesOptions {
  readonly chain: ChainId;
  readonly source: CometBftSource;
  readonly api: ApiClient;
  readonly headers: HeaderPost;
  readonly metrics: FollowMetrics;
  readonly log: Logger;
}

/** Duplicate votes on their way to the API, each tried again until it is accepted or refused for good. */
export class Offences {
  readonly #waiting = new Map<string, FoundOffence>();
  readonly #deferrals = new Deferrals();

  constructor(private readonly options: OffencesOptions) {}

  add(offence: FoundOffence): void {
    this.#waiting.set(offence.id, offence);
  }

  async deliver(): Promise<void> {
    const { chain, metrics, log } = this.options;
    for (const [id, offence] of [...this.#waiting]) {
      if (this.#deferrals.isDeferred(id)) continue;
      try {
        await this.#deliver(offence);
        metrics.evidencePosted.inc({ chain });
        log.warn({ offence: id }, 'a validator voted twice: the evidence is posted');
      } catch (error) {
        if (!isFinal(error)) {
          const retryMs = this.#deferrals.defer(id);
          if (error instanceof ContradictionError || !(error instanceof PhalanxError)) throw error;
          log.warn({ offence: id, err: error, retryMs }, 'evidence is not posted yet');
          continue;
        }
        log.error({ offence: id, err: error }, 'evidence of a block is refused');
      }
      this.#waiting.delete(id);
      this.#deferrals.clear(id);
    }
    metrics.evidenceWaiting.set({ chain }, this.#waiting.size);
  }

  /** First the header of the votes' height: it says who was a validator then. */
  async #deliver({ height, evidence }: FoundOffence): Promise<void> {
    const { chain, source, api, headers } = this.options;
    const accepted = await api.acceptedBelow(chain, height + 1n);
    const block =
      accepted?.height === height
        ? await source.lightBlock(height, accepted.blockHash)
        : await headers.post(source, height);
    await api.postDuplicateVote(chain, evidence, block);
  }
}

/** Whether trying again cannot help. */
function isFinal(error: unknown): boolean {
  if (error instanceof ApiProblemError) return !error.retryable && error.problem !== 'HEADER_NOT_ACCEPTED';
  return error instanceof NothingTrustedError;
}
