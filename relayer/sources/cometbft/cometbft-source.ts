// SPDX-License-Identifier: GPL-3.0-or-later
import type { HeaderMessage } from '../../../protocol/cometbft/client-state.ts';
import { chooseValidSigners } from '../../../protocol/cometbft/choose-signers.ts';
import type { Hex } from '../../../protocol/bytes.ts';
import type { SignedHeader } from '../../../protocol/cometbft/commit.ts';
import type { NodeStatus } from '../../../protocol/cometbft/node-status.ts';
import { ONE_THIRD, TWO_THIRDS } from '../../../protocol/cometbft/power.ts';
import { CometBftRefusal } from '../../../protocol/cometbft/refusal.ts';
import { validatorsHash, type ValidatorSet } from '../../../protocol/cometbft/validator-set.ts';
import { checkSignedHeader, verifyCommitLight } from '../../../protocol/cometbft/verify-commit.ts';
import type { Answer } from '../agreement.ts';
import { HeaderError, SourceMismatchError, SourceUnavailableError } from '../errors.ts';
import type { CometBftNode } from './node-client.ts';
import type { CometBftNodes } from './nodes.ts';

/** Pieces of evidence that are taken of one block: more than a chain has validators. */
const MOST_EVIDENCE = 256;

/** A block's header and commit with the set that signed it; hashes and enough signatures were checked. */
export interface LightBlock {
  readonly blockHash: Hex;
  readonly signedHeader: SignedHeader;
  readonly validators: ValidatorSet;
  /** what the node said, to be handed on */
  readonly answers: { readonly commit: unknown; readonly validators: readonly unknown[] };
}

/** What of an accepted header later ones are believed by. */
export interface TrustedHeader {
  readonly height: bigint;
  readonly nextValidatorsHash: Hex;
}

/** A block and what shows it to a light client. */
export interface ShownHeader {
  readonly block: LightBlock;
  readonly message: HeaderMessage;
  /** the trusted set as the node gave it, where it is another than the block's */
  readonly trustedAnswers?: readonly unknown[];
}

/** A CometBFT chain, read from nodes none of which is believed: hashes and signatures are recomputed. */
export class CometBftSource {
  constructor(
    readonly chainId: string,
    private readonly nodes: CometBftNodes,
  ) {}

  /**
   * That every node that answers serves the chain.
   * @throws SourceMismatchError when one serves another, SourceUnavailableError when none answers
   */
  async check(): Promise<void> {
    const other = (await this.#statuses()).find(({ chainId }) => chainId !== this.chainId);
    if (!other) return;
    throw new SourceMismatchError(`a node of ${this.chainId} serves ${other.chainId}`, { chain: this.chainId });
  }

  /**
   * What the nodes that are not catching up hold: their newest heights, each once, falling, and the oldest height of
   * any. Nobody has the blocks of one that boasts: try the next then.
   * @throws SourceUnavailableError when none answers
   */
  async heights(): Promise<{ readonly latest: readonly bigint[]; readonly earliest: bigint }> {
    const statuses = (await this.#statuses()).filter(
      ({ chainId, catchingUp }) => chainId === this.chainId && !catchingUp,
    );
    if (statuses.length === 0) throw new SourceUnavailableError('no node has caught up with the chain');
    return {
      latest: [...new Set(statuses.map(({ latestHeight }) => latestHeight))].sort((a, b) => (a < b ? 1 : -1)),
      earliest: statuses.map(({ earliestHeight }) => earliestHeight).reduce((a, b) => (a < b ? a : b)),
    };
  }

  /**
   * The block at a height, from the first node whose answer holds: its hashes agree and more than two thirds of its own
   * set signed it. That this is the chain's set is for a light client to say.
   * @param blockHash which one, where that is known
   * @throws SourceUnavailableError when no node has it
   */
  lightBlock(height: bigint, blockHash?: Hex): Promise<LightBlock> {
    return this.nodes.any(async (node) => {
      const block = await this.#lightBlock(node, height);
      if (blockHash === undefined || block.blockHash === blockHash) return block;
      throw new HeaderError('the node has another block', {
        height: String(height),
        blockHash,
        actual: block.blockHash,
      });
    });
  }

  /**
   * What leads a light client from a header that it trusts to a higher one, in order: the block at `height`, and before
   * it as many in between as it takes where the set has changed too much for one step (bisection; CometBFT
   * specification, "Light client verification"). All from one node: whoever serves a block that cannot be reached is
   * passed over.
   * @throws SourceUnavailableError when no node shows one; its cause says why the last did not
   */
  path(trusted: TrustedHeader, height: bigint): Promise<readonly ShownHeader[]> {
    return this.nodes.any(async (node) => {
      const path: ShownHeader[] = [];
      const ahead = [await this.#lightBlock(node, height)];
      for (let from = trusted, next = ahead.at(-1); next; next = ahead.at(-1)) {
        try {
          path.push(await this.#show(node, from, next));
        } catch (error) {
          if (!(error instanceof CometBftRefusal && error.reason === 'TRUSTED_POWER_INSUFFICIENT')) throw error;
          ahead.push(await this.#lightBlock(node, (from.height + next.signedHeader.header.height) / 2n));
          continue;
        }
        from = next.signedHeader.header;
        ahead.pop();
      }
      return path;
    });
  }

  /**
   * Heights of blocks that hold evidence, of at most 20 from `lowest` to `highest`, rising; what any node says counts.
   * @throws SourceUnavailableError when none shows the highest
   */
  async heightsWithEvidence(lowest: bigint, highest: bigint): Promise<readonly bigint[]> {
    const answers = await this.nodes.all((node) => node.evidenceMarks(lowest, highest));
    const marks = answers.flatMap((answer) => ('value' in answer ? answer.value : []));
    if (!marks.some(({ height }) => height === highest)) throw unanswered(answers);
    const heights = marks.flatMap(({ height, hasEvidence }) => (hasEvidence ? [height] : []));
    return [...new Set(heights)].sort((a, b) => (a < b ? -1 : 1));
  }

  /**
   * What any node says that a block holds of evidence, unchecked; the same piece may come more than once. The nodes take
   * turns, and no more than 256 pieces of each are taken.
   * @throws SourceUnavailableError when none answers
   */
  async evidence(height: bigint): Promise<readonly unknown[]> {
    const answers = await this.nodes.all((node) => node.evidence(height));
    const found = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []));
    if (found.length === 0) throw unanswered(answers);
    return Array.from({ length: MOST_EVIDENCE }, (_, place) =>
      found.flatMap((pieces) => pieces.slice(place, place + 1)),
    ).flat();
  }

  async #lightBlock(node: CometBftNode, height: bigint): Promise<LightBlock> {
    const { signedHeader, answer } = await node.signedHeader(height);
    if (signedHeader.header.height !== height) {
      const meta = { height: String(height), actual: String(signedHeader.header.height) };
      throw new HeaderError('the node answered with another block', meta);
    }
    const { set: validators, answers } = await node.validators(height);
    const blockHash = checkSignedHeader(this.chainId, signedHeader, validators);
    verifyCommitLight(this.chainId, signedHeader.commit, validators);
    return { blockHash, signedHeader, validators, answers: { commit: answer, validators: answers } };
  }

  /**
   * What shows a block to a light client that trusts a lower one: as few signatures as pass two thirds of the block's
   * set and a third of the one that the trusted block names as next, which is sent along where it is another.
   * @throws CometBftRefusal when the set has changed too much: show a block in between first
   */
  async #show(node: CometBftNode, trusted: TrustedHeader, block: LightBlock): Promise<ShownHeader> {
    const { signedHeader, validators } = block;
    const { header, commit } = signedHeader;
    const { height: trustedHeight, nextValidatorsHash } = trusted;
    const base = { trustedHeight, signedHeader, validators };
    if (nextValidatorsHash === header.validatorsHash) {
      const signers = chooseValidSigners(this.chainId, validators, commit, [{ set: validators, share: TWO_THIRDS }]);
      if (signers) return { block, message: { ...base, signers } };
      throw new CometBftRefusal('POWER_INSUFFICIENT', `too few of its own set signed block ${header.height}`);
    }
    if (header.height === trustedHeight + 1n) {
      const detail = `block ${header.height} has another set than the one that block ${trustedHeight} names as next`;
      throw new CometBftRefusal('NEXT_VALIDATORS_HASH', detail);
    }
    const { set: trustedValidators, answers: trustedAnswers } = await node.validators(trustedHeight + 1n);
    if (validatorsHash(trustedValidators) !== nextValidatorsHash) {
      const meta = { height: String(trustedHeight + 1n) };
      throw new HeaderError('the node answered with another set of validators', meta);
    }
    const signers = chooseValidSigners(this.chainId, validators, commit, [
      { set: validators, share: TWO_THIRDS },
      { set: trustedValidators, share: ONE_THIRD },
    ]);
    if (signers) return { block, message: { ...base, trustedValidators, signers }, trustedAnswers };
    const detail = `too few of the set that block ${trustedHeight} names as next signed block ${header.height}`;
    throw new CometBftRefusal('TRUSTED_POWER_INSUFFICIENT', detail);
  }

  async #statuses(): Promise<readonly NodeStatus[]> {
    const answers = await this.nodes.all((node) => node.status());
    const statuses = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []));
    if (statuses.length > 0) return statuses;
    throw unanswered(answers);
  }
}

function unanswered(answers: readonly Answer<unknown>[]): SourceUnavailableError {
  const cause = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))[0];
  return new SourceUnavailableError('no node answers', { asked: answers.length }, cause);
}
