// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../../protocol/bytes.ts';
import { parseAbciAnswer, type AbciAnswer } from '../../../protocol/cometbft/abci-query.ts';
import {
  parseBlockEvidence,
  parseEvidenceMarks,
  type EvidenceMark,
} from '../../../protocol/cometbft/block-evidence.ts';
import { parseSignedHeader, type SignedHeader } from '../../../protocol/cometbft/commit.ts';
import { parseStatus, type NodeStatus } from '../../../protocol/cometbft/node-status.ts';
import { parseValidators, type ValidatorSet } from '../../../protocol/cometbft/validator-set.ts';
import { getJson } from './get-json.ts';

/** Most validators that a node puts on one page. */
const PAGE = 100;

/** A node that promises more pages than any chain's set has is asked for no more than these. */
const MAX_PAGES = 100;

/**
 * CometBFT's RPC of one node, by HTTP. Answers are parsed, and what they say is not checked. Every method throws
 * SourceUnavailableError when there is no answer, InvalidFieldError when it is malformed or an error.
 */
export class CometBftNode {
  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** The same node, asked nothing any more once the signal is given. */
  until(signal: AbortSignal): CometBftNode {
    const both = this.signal ? AbortSignal.any([this.signal, signal]) : signal;
    return new CometBftNode(this.url, this.timeoutMs, both);
  }

  async status(): Promise<NodeStatus> {
    return parseStatus(await this.#read('/status'), 'status');
  }

  async signedHeader(height: bigint): Promise<{ readonly signedHeader: SignedHeader; readonly answer: unknown }> {
    const answer = await this.#read(`/commit?height=${height}`);
    return { signedHeader: parseSignedHeader(answer, 'commit'), answer };
  }

  /** All pages, and the answers that they came as. */
  async validators(height: bigint): Promise<{ readonly set: ValidatorSet; readonly answers: readonly unknown[] }> {
    const pages: unknown[] = [];
    for (let page = 1, pageCount = 1; page <= pageCount; page += 1) {
      const answer = await this.#read(`/validators?height=${height}&page=${page}&per_page=${PAGE}`);
      pages.push(answer);
      if (page === 1) pageCount = Math.min(pagesOf(answer), MAX_PAGES);
    }
    return { set: parseValidators(pages, 'validators').set, answers: pages };
  }

  /** Which blocks hold evidence of misbehaviour, of at most 20 up to the highest. */
  async evidenceMarks(lowest: bigint, highest: bigint): Promise<readonly EvidenceMark[]> {
    const answer = await this.#read(`/blockchain?minHeight=${lowest}&maxHeight=${highest}`);
    return parseEvidenceMarks(answer, 'blockchain').filter(({ height }) => height >= lowest && height <= highest);
  }

  /** What a block holds of evidence, each piece as the block lists it. */
  async evidence(height: bigint): Promise<readonly unknown[]> {
    return parseBlockEvidence(await this.#read(`/block?height=${height}`), 'block');
  }

  /**
   * Ask the application of its state at a height, e.g. path `/store/staking/key`. The proof is the caller's to check.
   */
  async abciQuery(path: string, data: Hex, height: bigint): Promise<AbciAnswer> {
    const query = new URLSearchParams({ path: `"${path}"`, data, height: String(height), prove: 'true' });
    return parseAbciAnswer(await this.#read(`/abci_query?${query.toString()}`), 'abci_query');
  }

  #read(path: string): Promise<unknown> {
    return getJson(`${this.url}${path}`, this.timeoutMs, this.signal);
  }
}

/** How many pages the first one promises; 1 for what is no page, which its parser then refuses. */
function pagesOf(answer: unknown): number {
  const total = Number((answer as { result?: { total?: unknown } } | null)?.result?.total);
  return Number.isSafeInteger(total) ? Math.max(1, Math.ceil(total / PAGE)) : 1;
}
