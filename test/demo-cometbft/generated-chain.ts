// SPDX-License-Identifier: GPL-3.0-or-later
import { randomBytes } from 'node:crypto';
import { toHex, type Hex } from '../../protocol/bytes.ts';
import type { SignedHeader } from '../../protocol/cometbft/commit.ts';
import type { DuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import { testBlock, testValidators, type TestValidator } from '../../protocol/cometbft/testing/generated-chain.ts';
import { NANOSECONDS, type TimeNs } from '../../protocol/cometbft/timestamp.ts';
import type { AppState } from './app-state.ts';

/** A block as a node of the chain has it. */
export interface GeneratedBlock {
  readonly signed: SignedHeader;
  readonly validators: readonly TestValidator[];
  /** what its proposer put in of others' offences */
  readonly evidence: readonly DuplicateVote[];
}

export interface GeneratedChainOptions {
  readonly chainId: string;
  /** voting powers, of which the keys are made afresh */
  readonly powers: readonly bigint[];
  /** of the first block */
  readonly height: bigint;
  /** of the first block; ten seconds more each height */
  readonly timeNs: TimeNs;
  readonly state?: AppState;
}

/** A CometBFT chain that exists only here, with all of its validators' keys. Its state does not change. */
export class GeneratedChain {
  readonly chainId: string;
  readonly validators: readonly TestValidator[];
  /** stands for SHA-256 of the genesis file */
  readonly genesisHash: Hex = toHex(randomBytes(32));
  readonly state: AppState | undefined;
  readonly #options: GeneratedChainOptions;
  readonly #blocks = new Map<bigint, GeneratedBlock>();

  constructor(options: GeneratedChainOptions) {
    this.#options = options;
    this.chainId = options.chainId;
    this.state = options.state;
    this.validators = testValidators(toHex(randomBytes(32)), options.powers);
    this.append(options.height);
  }

  /** Of all blocks. */
  get heights(): readonly bigint[] {
    return [...this.#blocks.keys()];
  }

  get latest(): bigint {
    return this.heights.reduce((a, b) => (a > b ? a : b));
  }

  get first(): GeneratedBlock {
    return this.at(this.#options.height);
  }

  at(height: bigint): GeneratedBlock {
    const block = this.#blocks.get(height);
    if (!block) throw new Error(`${this.chainId} has no block ${height}`);
    return block;
  }

  /** Add the block of a height, which all sign. */
  append(height: bigint, evidence: readonly DuplicateVote[] = []): GeneratedBlock {
    const block = { signed: this.sign(height), validators: this.validators, evidence };
    this.#blocks.set(height, block);
    return block;
  }

  /** A block of a height that is signed and not part of the chain. @param fork makes it differ */
  sign(height: bigint, fork = ''): SignedHeader {
    const { chainId, height: first, timeNs, state } = this.#options;
    return testBlock({
      chainId,
      height,
      timeNs: timeNs + 10n * (height - first) * NANOSECONDS,
      validators: this.validators,
      fork,
      ...(state ? { appHash: state.appHash } : {}),
    });
  }
}
