// SPDX-License-Identifier: GPL-3.0-or-later
import { validatorAddress } from '../../protocol/cometbft/validator-set.ts';
import type { JudgeDuplicateVote } from '../../protocol/cometbft/judge-evidence.ts';
import { NANOSECONDS, timeToText } from '../../protocol/cometbft/timestamp.ts';
import { PREVOTE } from '../../protocol/cometbft/vote.ts';
import type { DuplicateVoteRecord } from '../store/duplicate-vote-store.ts';

/** What an offence consists of, as the API says it. */
export function duplicateVoteView({ id, chain, consensusKey, blockHash, evidence }: DuplicateVoteRecord) {
  const { header, voteType, round, first, second } = evidence;
  return {
    id,
    chain,
    validator: validatorAddress(consensusKey),
    consensusKey,
    height: header.height,
    round,
    type: voteType === PREVOTE ? ('prevote' as const) : ('precommit' as const),
    votes: [voteView(first), voteView(second)] as [ReturnType<typeof voteView>, ReturnType<typeof voteView>],
    blockHash,
  };
}

function voteView({ blockId, secs, nanos }: JudgeDuplicateVote['first']) {
  // The judge's form of nil is all zero; a block has parts.
  const block = blockId.partsTotal === 0 ? null : blockId;
  return { block, time: timeToText(secs * NANOSECONDS + BigInt(nanos)) };
}
