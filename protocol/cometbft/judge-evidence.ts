// SPDX-License-Identifier: GPL-3.0-or-later
import type { AbiParameterToPrimitiveType } from 'viem';
import type { duplicateVoteParameters } from '../abi/cometbft-evidence.ts';
import { toHex, type Hex } from '../bytes.ts';
import { InvalidFieldError } from '../errors.ts';
import { isNil } from './block-id.ts';
import type { DuplicateVote, SignedVote } from './duplicate-vote.ts';
import type { Header } from './header.ts';
import { blockIdFields, headerFields, packedSet, type SignatureSlot } from './ledger-header.ts';
import { splitTime } from './timestamp.ts';
import type { ValidatorSet } from './validator-set.ts';
import { voteSignBytes } from './vote.ts';

/** `ICometBftJudge.DuplicateVote`. */
export type JudgeDuplicateVote = AbiParameterToPrimitiveType<(typeof duplicateVoteParameters)[0]>;

const ZERO_HASH: Hex = `0x${'00'.repeat(32)}`;
const NO_SIGNATURES: JudgeDuplicateVote['signatures'] = {
  keyHash: ZERO_HASH,
  digest: 0n,
  proof: {
    a: [0n, 0n],
    b: [
      [0n, 0n],
      [0n, 0n],
    ],
    c: [0n, 0n],
  },
};

/**
 * A duplicate vote in the judge's form, less its proof: `signatures` is zero. The votes keep their order.
 * @param votes as `verifyDuplicateVote` accepted them
 * @param header of the votes' height
 * @param set the header's own, which has the validator
 * @throws InvalidFieldError where that form has no room for it: a vote for a block whose hash is zero, which no block
 *   has, and what ledgers refuse of headers
 */
export function judgeDuplicateVote(
  { voteA, voteB }: DuplicateVote,
  header: Header,
  set: ValidatorSet,
): JudgeDuplicateVote {
  return {
    header: headerFields(header),
    voteType: voteA.type,
    round: voteA.round,
    first: voteFields(voteA, 'vote_a'),
    second: voteFields(voteB, 'vote_b'),
    validators: packedSet(set),
    index: BigInt(set.addresses.indexOf(voteA.address)),
    signatures: NO_SIGNATURES,
  };
}

/** What an `ed25519` statement says of the two votes: one slot for each, in their order. @param key the validator's */
export function duplicateVoteSlots(chainId: string, { voteA, voteB }: DuplicateVote, key: Hex): SignatureSlot[] {
  return [voteA, voteB].map((vote) => ({
    key,
    message: toHex(voteSignBytes(chainId, vote)),
    signature: vote.signature,
  }));
}

function voteFields({ blockId, timeNs }: SignedVote, name: string): JudgeDuplicateVote['first'] {
  if (!isNil(blockId) && blockId.hash === ZERO_HASH) {
    throw new InvalidFieldError(`evidence.value.${name}.block_id.hash`, 'the hash of a block, which is not zero');
  }
  const { seconds: secs, nanos } = splitTime(timeNs);
  return { blockId: blockIdFields(blockId), secs, nanos };
}
