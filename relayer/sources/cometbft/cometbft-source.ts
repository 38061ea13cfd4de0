// SPDX-License-Identifier: GPL-3.0-or-later
import { setTimeout as sleep } from 'node:timers/promises';
import type { HeaderMessage } from '../../../protocol/cometbft/client-state.ts';
import { chooseValidSigners } from '../../../protocol/cometbft/choose-signers.ts';
import type { SignedHeader } from '../../../protocol/cometbft/commit.ts';
import type { NodeStatus } from '../../../protocol/cometbft/node-status.ts';
import { ONE_THIRD, TWO_THIRDS } from '../../../protocol/cometbft/power.ts';
import { CometBftRefusal } from '../../../protocol/cometbft/refusal.ts';
import { validatorsHash, type ValidatorSet } from '../../../protocol/cometbft/validator-set.ts';
import { checkSignedHeader, verifyCommitLight } from '../../../protocol/cometbft/verify-commit.ts';
import { HeaderError, SourceMismatchError, SourceUnavailableError } from '../errors.ts';
import type { CometBftNodes } from './nodes.ts';

/** A block's header and commit with the set that signed it; hashes and enough signatures were checked. */
export interface LightBlock {
  readonly signedHeader: SignedHeader;
  readonly validators: ValidatorSet;
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
   * Highest height of the nodes that are not catching up. One that boasts cannot forge a block: `lightBlock` then fails at
   * a height that nobody has.
   * @throws SourceUnavailableError when none answers
   */
  async latestHeight(): Promise<bigint> {
    const heights = (await this.#statuses()).flatMap(({ catchingUp, latestHeight }) =>
      catchingUp ? [] : [latestHeight],
    );
    if (heights.length === 0) throw new SourceUnavailableError('no node has caught up with the chain');
    return heights.reduce((highest, height) => (height > highest ? height : highest));
  }

  /**
   * The block at a height, from the first node whose answer holds: its hashes agree and more than two thirds of its own set
   * signed it. That this is the chain's set is for a light client to say.
   * @throws SourceUnavailableError when no node has it
   */
  lightBlock(height: bigint): Promise<LightBlock> {
    return this.nodes.any(async (node) => {
      const signedHeader = await node.signedHeader(height);
      if (signedHeader.header.height !== height) {
        const meta = { height: String(height), actual: String(signedHeader.header.height) };
        throw new HeaderError('the node answered with another block', meta);
      }
      const validators = await node.validators(height);
      checkSignedHeader(this.chainId, signedHeader, validators);
      verifyCommitLight(this.chainId, signedHeader.commit, validators);
      return { signedHeader, validators };
    });
  }

  /**
   * What shows a block to a light client that trusts a lower one: as few signatures as pass two thirds of the block's set
   * and a third of the one that the trusted block names as next, which is sent along where it is another.
   * @throws SourceUnavailableError; CometBftRefusal when the set has changed too much: show a block in between first
   */
  async headerMessage(trustedHeight: bigint, { signedHeader, validators }: LightBlock): Promise<HeaderMessage> {
    const { nextValidatorsHash } = (await this.lightBlock(trustedHeight)).signedHeader.header;
    const same = nextValidatorsHash === signedHeader.header.validatorsHash;
    const trustedValidators = same ? validators : await this.#setOf(trustedHeight + 1n, nextValidatorsHash);
    const signers = chooseValidSigners(this.chainId, validators, signedHeader.commit, [
      { set: validators, share: TWO_THIRDS },
      { set: trustedValidators, share: ONE_THIRD },
    ]);
    if (!signers) {
      const { height } = signedHeader.header;
      const detail = `too few of the set that block ${trustedHeight} names as next signed block ${height}`;
      throw new CometBftRefusal('TRUSTED_POWER_INSUFFICIENT', detail);
    }
    return { trustedHeight, signedHeader, validators, ...(same ? {} : { trustedValidators }), signers };
  }

  /**
   * Blocks as the chain makes them, from a height on and every `interval` heights, until the signal. Ends with the error
   * of a block that no node has; whoever follows goes on from there.
   */
  async *follow(
    from: bigint,
    interval: bigint,
    pauseMs: number,
    signal: AbortSignal,
  ): AsyncGenerator<LightBlock, void> {
    for (let next = from; !signal.aborted;) {
      const latest = await this.latestHeight();
      for (; next <= latest && !signal.aborted; next += interval) yield await this.lightBlock(next);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The set of a height, by its hash. */
  #setOf(height: bigint, hash: string): Promise<ValidatorSet> {
    return this.nodes.any(async (node) => {
      const set = await node.validators(height);
      if (validatorsHash(set) === hash) return set;
      throw new HeaderError('the node answered with another set of validators', { height: String(height) });
    });
  }

  async #statuses(): Promise<readonly NodeStatus[]> {
    const answers = await this.nodes.all((node) => node.status());
    const statuses = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []));
    if (statuses.length > 0) return statuses;
    const cause = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))[0];
    throw new SourceUnavailableError('no node answers', { asked: answers.length }, cause);
  }
}
