// SPDX-License-Identifier: GPL-3.0-or-later
import { setTimeout as sleep } from 'node:timers/promises';
import { PhalanxError } from '../../../protocol/errors.ts';
import { askAll, type Answer } from '../agreement.ts';
import { SourceUnavailableError } from '../errors.ts';
import { CometBftNode } from './node-client.ts';

export interface CometBftNodesOptions {
  /** base addresses, http or https */
  readonly urls: readonly string[];
  /** of one request; default 10 s */
  readonly timeoutMs?: number;
  /** of one call on one node, however many requests it makes; default 60 s */
  readonly callTimeoutMs?: number;
  /** how often all nodes are asked before a call fails; default 3 */
  readonly rounds?: number;
  /** between two rounds, twice as long each time; default 500 ms */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal;
  /** a node failed a call and another is asked, or the same again; `node` is its place among the addresses */
  readonly onFailure?: (node: number, error: PhalanxError) => void;
}

/** Several nodes of one chain: the one that answered last is asked first, and the next when it fails. */
export class CometBftNodes {
  readonly #nodes: readonly CometBftNode[];
  #preferred = 0;

  constructor(private readonly options: CometBftNodesOptions) {
    const { urls, timeoutMs = 10_000, signal } = options;
    this.#nodes = urls.map((url) => new CometBftNode(url.replace(/\/+$/, ''), timeoutMs, signal));
  }

  /** Ask every node at once. */
  all<T>(call: (node: CometBftNode) => Promise<T>): Promise<readonly Answer<T>[]> {
    return askAll(this.#nodes, call);
  }

  /**
   * Try a call on one node after the other, and on all of them again after a pause. Whatever a call throws on purpose
   * is that node's failure: no answer, a malformed one, or one that the call does not believe.
   * @throws SourceUnavailableError with the last failure as its cause
   */
  async any<T>(call: (node: CometBftNode) => Promise<T>): Promise<T> {
    const { rounds = 3, pauseMs = 500, callTimeoutMs = 60_000, signal, onFailure } = this.options;
    let last: unknown;
    for (let round = 0; round < rounds; round += 1) {
      if (round > 0) await sleep(pauseMs * 2 ** (round - 1), undefined, signal ? { signal } : {});
      for (let i = 0; i < this.#nodes.length; i += 1) {
        const place = (this.#preferred + i) % this.#nodes.length;
        const node = this.#nodes[place];
        if (!node) continue;
        signal?.throwIfAborted();
        try {
          const result = await call(node.until(AbortSignal.timeout(callTimeoutMs)));
          this.#preferred = place;
          return result;
        } catch (error) {
          signal?.throwIfAborted();
          if (!(error instanceof PhalanxError)) throw error;
          onFailure?.(place, error);
          last = error;
        }
      }
    }
    throw new SourceUnavailableError('no node gave a usable answer', { nodes: this.#nodes.length, rounds }, last);
  }
}
