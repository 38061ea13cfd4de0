// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import type { Logger } from '../../runtime/log.ts';
import type { ApiClient } from '../api/api-client.ts';
import { Deferrals } from '../lib/deferrals.ts';

/**
 * Headers that were accepted and are not proved yet. One whose proving fails is asked for again: later ones may be
 * believed by it, and no ledger would take them.
 */
export class Unproved {
  readonly #heights = new Map<Hex, bigint>();
  readonly #deferrals = new Deferrals();

  constructor(
    private readonly api: ApiClient,
    private readonly log: Logger,
  ) {}

  /** @param update that leads to the header of a height */
  add(update: Hex, height: bigint): void {
    this.#heights.set(update, height);
  }

  /** One turn: look after each, less and less often. @throws the API's errors, and those of `postAgain` */
  async check(postAgain: (height: bigint) => Promise<unknown>): Promise<void> {
    for (const [update, height] of [...this.#heights]) {
      if (this.#deferrals.isDeferred(update)) continue;
      this.#deferrals.defer(update);
      const state = await this.api.headerUpdateState(update);
      if (state === 'failed') {
        this.log.error({ update, height: String(height) }, 'a header is not proved; it is asked for again');
        await postAgain(height);
      } else if (state !== 'proving') {
        this.#heights.delete(update);
        this.#deferrals.clear(update);
      }
    }
  }
}
