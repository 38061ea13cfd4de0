// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import { parseSignedHeader } from '../../protocol/cometbft/commit.ts';
import { parseDuplicateVote, verifyDuplicateVote, type DuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import { CometBftRefusal } from '../../protocol/cometbft/refusal.ts';
import { parseValidators, type Validator } from '../../protocol/cometbft/validator-set.ts';
import { checkSignedHeader } from '../../protocol/cometbft/verify-commit.ts';
import { ApiClient } from '../../relayer/api/api-client.ts';
import type { EvidenceConfig } from '../../runtime/config.ts';
import { configuredChain } from './configured-chain.ts';
import { OperationError } from './operation-error.ts';

/** Evidence as a block lists it, and a node's answers at the votes' height. */
export interface DuplicateVoteAnswers {
  readonly evidence: unknown;
  /** to `/commit` */
  readonly commit: unknown;
  /** to `/validators`: its pages in order */
  readonly validators: readonly unknown[];
}

/** A duplicate vote that the API took in. */
export interface ReportedDuplicateVote {
  /** the API's name of the offence */
  readonly id: Hex;
  readonly votes: DuplicateVote;
  readonly validator: Validator;
}

/**
 * Check a duplicate vote by what nodes answered, and post it to the API.
 * @throws OperationError when it is none; InvalidFieldError; the errors of `ApiClient`
 */
export async function reportDuplicateVote(
  { cometbft, apiClient }: EvidenceConfig,
  chain: ChainId,
  { evidence, ...answers }: DuplicateVoteAnswers,
): Promise<ReportedDuplicateVote> {
  const { chainId } = configuredChain(cometbft, chain);
  const votes = parseDuplicateVote(evidence, 'evidence');
  const validator = check(chainId, votes, answers);
  return { id: await new ApiClient(apiClient).postDuplicateVote(chain, evidence, { answers }), votes, validator };
}

function check(
  chainId: string,
  votes: DuplicateVote,
  { commit, validators }: Omit<DuplicateVoteAnswers, 'evidence'>,
): Validator {
  const signedHeader = parseSignedHeader(commit, 'commit');
  const { height, set } = parseValidators(validators, 'validators');
  for (const [what, found] of [
    ['commit', signedHeader.header.height],
    ['validators', height],
  ] as const)
    if (found !== votes.voteA.height)
      throw new OperationError(`the votes are of height ${votes.voteA.height}, the ${what} of ${found}`);
  try {
    checkSignedHeader(chainId, signedHeader, set);
    return verifyDuplicateVote(chainId, votes, set);
  } catch (error) {
    if (!(error instanceof CometBftRefusal)) throw error;
    throw new OperationError(`this is no duplicate vote: ${error.reason}, ${error.detail}`, { reason: error.reason });
  }
}
