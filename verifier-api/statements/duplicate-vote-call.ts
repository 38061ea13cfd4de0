// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeAbiParameters, encodeFunctionData } from 'viem';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import { duplicateVoteParameters } from '../../protocol/abi/cometbft-evidence.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ProvedStatement } from '../../protocol/proof.ts';
import type { FollowedChain } from '../../runtime/followed-chain.ts';
import { proofAbi, type Call } from '../chains/abi-values.ts';
import type { DuplicateVoteRecord } from '../store/duplicate-vote-store.ts';

/** `slashDuplicateVote` of a Coalition, for an offence whose statement is proved. */
export function duplicateVoteCall(
  { consensusKey, evidence, keyHash }: DuplicateVoteRecord,
  { publicSignals: [digest = ''], proof }: ProvedStatement,
  { chainKey }: FollowedChain,
  coalition: Hex,
): Call {
  const signatures = { keyHash, digest: BigInt(digest), proof: proofAbi(proof) };
  const shown = encodeAbiParameters(duplicateVoteParameters, [{ ...evidence, signatures }]);
  const args = [chainKey, consensusKey, shown] as const;
  const data = encodeFunctionData({ abi: coalitionAbi, functionName: 'slashDuplicateVote', args });
  return { contract: 'Coalition', method: 'slashDuplicateVote', to: coalition, data };
}
