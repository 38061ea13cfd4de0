// SPDX-License-Identifier: GPL-3.0-or-later
import { parseSignedHeader } from '../../protocol/cometbft/commit.ts';
import { parseDuplicateVote, verifyDuplicateVote, type DuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import {
  duplicateVoteSlots,
  judgeDuplicateVote,
  type JudgeDuplicateVote,
} from '../../protocol/cometbft/judge-evidence.ts';
import type { SignatureSlot } from '../../protocol/cometbft/ledger-header.ts';
import { CometBftRefusal } from '../../protocol/cometbft/refusal.ts';
import type { Validator } from '../../protocol/cometbft/validator-set.ts';
import { checkSignedHeader } from '../../protocol/cometbft/verify-commit.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { FollowedChain } from '../../runtime/followed-chain.ts';
import { Problem } from '../http/problem.ts';
import type { ConsensusStateStore } from '../store/consensus-state-store.ts';
import { parseSet } from './parse-set.ts';

/** Evidence as a block lists it, and what a chain's nodes answer about the votes' height. */
export interface DuplicateVoteAnswers {
  readonly evidence: unknown;
  readonly commit: unknown;
  readonly validators: unknown;
}

export interface CheckedDuplicateVote {
  readonly votes: DuplicateVote;
  readonly validator: Validator;
  readonly blockHash: Hex;
  /** in the judge's form */
  readonly evidence: JudgeDuplicateVote;
  /** what the validator signed, in the votes' order */
  readonly slots: readonly SignatureSlot[];
}

/**
 * Check a duplicate vote as a judge will. Its header must have been accepted: that says who was a validator. What
 * anybody signed of the commit is not looked at.
 * @throws InvalidFieldError, CometBftRefusal; Problem HEADER_NOT_ACCEPTED
 */
export async function checkDuplicateVote(
  chain: FollowedChain,
  states: ConsensusStateStore,
  answers: DuplicateVoteAnswers,
): Promise<CheckedDuplicateVote> {
  const votes = parseDuplicateVote(answers.evidence, 'evidence');
  const signedHeader = parseSignedHeader(answers.commit, 'commit');
  const set = parseSet(answers.validators, 'validators');
  const { header } = signedHeader;
  const blockHash = checkSignedHeader(chain.chainId, signedHeader, set);
  const { height } = votes.voteA;
  if (header.height !== height) {
    throw new CometBftRefusal('COMMIT_HEIGHT', `a commit of height ${header.height} with votes of ${height}`);
  }
  const validator = verifyDuplicateVote(chain.chainId, votes, set);
  const evidence = judgeDuplicateVote(votes, header, set);
  const accepted = await states.at(chain, height);
  if (accepted?.blockHash !== blockHash) {
    const held = accepted ? `${accepted.blockHash} is accepted there` : 'have it accepted first';
    throw new Problem('HEADER_NOT_ACCEPTED', `block ${blockHash} of height ${height} has not been accepted: ${held}`);
  }
  return { votes, validator, blockHash, evidence, slots: duplicateVoteSlots(chain.chainId, votes, validator.key) };
}
