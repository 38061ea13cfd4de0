// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import { Deferrals } from '../lib/deferrals.ts';
import type { CometBftSource, LightBlock } from '../sources/cometbft/cometbft-source.ts';

/** A node that never has a block is not asked for more of them than this. */
const MOST_WAITING = 256;

/** A whole block of one node that is not the accepted one of its height. */
export interface Dissent {
  /** place among the addresses */
  readonly node: number;
  readonly source: CometBftSource;
  readonly block: LightBlock;
}

/**
 * Compares what each node has at the heights that were accepted, once, as soon as it has it (CometBFT specification,
 * "Attack detection": the witnesses).
 */
export class Witnesses {
  readonly #waiting: readonly Map<bigint, Hex>[];
  readonly #deferrals = new Deferrals();

  /** @param sources one for each node */
  constructor(
    private readonly sources: readonly CometBftSource[],
    private readonly onFailure: (node: number, error: unknown) => void,
  ) {
    this.#waiting = sources.map(() => new Map<bigint, Hex>());
  }

  /** Have all nodes compared with an accepted header. */
  add(height: bigint, blockHash: Hex): void {
    for (const waiting of this.#waiting) {
      waiting.set(height, blockHash);
      const [oldest] = waiting.keys();
      if (waiting.size > MOST_WAITING && oldest !== undefined) waiting.delete(oldest);
    }
  }

  /** One turn: ask the nodes for what they have not shown yet. @returns blocks that contradict */
  async compare(): Promise<readonly Dissent[]> {
    return (await Promise.all(this.sources.map((source, node) => this.#compare(source, node)))).flat();
  }

  /** Leave that node alone for a while. */
  defer({ node }: Dissent): void {
    this.#deferrals.defer(String(node));
  }

  async #compare(source: CometBftSource, node: number): Promise<Dissent[]> {
    if (this.#deferrals.isDeferred(String(node))) return [];
    const found: Dissent[] = [];
    const waiting = this.#waiting[node] ?? new Map<bigint, Hex>();
    for (const [height, blockHash] of [...waiting]) {
      try {
        const block = await source.lightBlock(height);
        if (block.blockHash !== blockHash) {
          found.push({ node, source, block });
          continue;
        }
        waiting.delete(height);
        this.#deferrals.clear(String(node));
      } catch (error) {
        this.onFailure(node, error);
        this.#deferrals.defer(String(node));
        break;
      }
    }
    return found;
  }
}
