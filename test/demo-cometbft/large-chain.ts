// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex, type Hex } from '../../protocol/bytes.ts';
import { parseSignedHeader, type SignedHeader } from '../../protocol/cometbft/commit.ts';
import { setOf, TEST_TIME_NS } from '../../protocol/cometbft/testing/generated-chain.ts';
import { noRecording, RECORDED, RECORDED_HEIGHTS, recordedAnswer } from '../../protocol/cometbft/testing/recorded.ts';
import { parseValidators, type ValidatorSet } from '../../protocol/cometbft/validator-set.ts';
import { startRecordedNode } from '../../relayer/testing/recorded-node.ts';
import { startChainNode } from './chain-node.ts';
import { GeneratedChain } from './generated-chain.ts';

/** A large chain of the past: two blocks of it, one directly after the other. */
export interface LargeChain {
  readonly chainId: string;
  readonly genesisHash: Hex;
  /** of the first block */
  readonly height: bigint;
  /** whether its blocks were made here */
  readonly generated: boolean;
  /** signatures that suffice */
  readonly fewest: number;
  /** what it is, for people */
  readonly origin: string;
  block(height: bigint): { readonly signed: SignedHeader; readonly set: ValidatorSet };
  /** a node that serves both */
  serve(): Promise<{ readonly url: string; close(): Promise<void> }>;
}

/** cosmoshub-4's recorded blocks where they are, and otherwise a chain of as many validators of whom as few suffice. */
export function largeChain(): LargeChain {
  if (!noRecording) return recorded();
  const why = 'for there are no recorded answers of cosmoshub-4 here';
  return generated(POWERS, 23, `a generated chain of ${POWERS.length} validators, of whom 23 suffice, ${why}`);
}

/** In place of a large one where there is little time: two of its four validators suffice. */
export function smallChain(): LargeChain {
  return generated([40n, 30n, 20n, 10n], 2, 'a generated chain of four validators');
}

/** Stands for SHA-256 of the chain's genesis file, which was not recorded: it makes the chain key, and no more. */
const COSMOSHUB_GENESIS = toHex(sha256(new TextEncoder().encode('cosmoshub-4')));

function recorded(): LargeChain {
  return {
    chainId: 'cosmoshub-4',
    genesisHash: COSMOSHUB_GENESIS,
    height: RECORDED_HEIGHTS[0],
    generated: false,
    fewest: 23,
    origin: `recorded answers of cosmoshub-4's nodes, ${RECORDED_HEIGHTS.join(' and ')}`,
    block: (height) => ({
      signed: parseSignedHeader(recordedAnswer('commit', height), 'commit'),
      set: parseValidators([recordedAnswer('validators', height)], 'validators').set,
    }),
    serve: () => startRecordedNode(RECORDED),
  };
}

/** 22 of the strong hold 264 of 403, less than two thirds, and 23 hold 276. */
const POWERS = [...Array<bigint>(23).fill(12n), ...Array<bigint>(127).fill(1n)];

function generated(powers: readonly bigint[], fewest: number, origin: string): LargeChain {
  const height = 1_000n;
  const chain = new GeneratedChain({ chainId: 'phalanx-past-1', powers, height, timeNs: TEST_TIME_NS });
  chain.append(height + 1n);
  return {
    chainId: chain.chainId,
    genesisHash: chain.genesisHash,
    height,
    generated: true,
    fewest,
    origin,
    block: (at) => ({ signed: chain.at(at).signed, set: setOf(chain.validators) }),
    serve: () => startChainNode(chain),
  };
}
