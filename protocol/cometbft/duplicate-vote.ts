// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { fromHex, type Hex } from '../bytes.ts';
import { isComplete, isNil, lastBlockId, sameBlockId } from './block-id.ts';
import { verifyEd25519 } from './ed25519.ts';
import { CometBftRefusal } from './refusal.ts';
import { base64Of, hexOf, int32, int64, object, parseRpc, time } from './rpc-json.ts';
import type { Validator, ValidatorSet } from './validator-set.ts';
import { PRECOMMIT, PREVOTE, voteSignBytes, type Vote } from './vote.ts';

/** A vote and who is said to have cast it. */
export interface SignedVote extends Vote {
  /** 20 bytes */
  readonly address: Hex;
  /** 64 bytes */
  readonly signature: Hex;
}

/** Two votes that one validator should not both have signed, in either order. */
export interface DuplicateVote {
  readonly voteA: SignedVote;
  readonly voteB: SignedVote;
}

const blockId = lastBlockId.refine((id) => isNil(id) || isComplete(id), 'a whole block id, or all of it empty');

/** A vote as RPC answers write it, within the bounds of CometBFT's `Vote.ValidateBasic`. */
const voteSchema = object({
  type: z.literal([PREVOTE, PRECOMMIT], `${PREVOTE} (prevote) or ${PRECOMMIT} (precommit)`),
  height: int64(1n),
  round: int32(0),
  block_id: blockId,
  timestamp: time,
  validator_address: hexOf(20),
  signature: base64Of(64),
}).transform((vote): SignedVote => ({
  type: vote.type,
  height: vote.height,
  round: vote.round,
  blockId: vote.block_id,
  timeNs: vote.timestamp,
  address: vote.validator_address,
  signature: vote.signature,
}));

/**
 * Read evidence as the `evidence` of a block lists it, `tendermint/DuplicateVoteEvidence`. The powers and the time that
 * it carries are the chain's record for its application and are not read.
 * @throws InvalidFieldError
 */
export function parseDuplicateVote(evidence: unknown, label: string): DuplicateVote {
  const type = z.literal('tendermint/DuplicateVoteEvidence', 'tendermint/DuplicateVoteEvidence');
  const schema = object({ type, value: object({ vote_a: voteSchema, vote_b: voteSchema }) });
  const { value } = parseRpc(schema, evidence, label);
  return { voteA: value.vote_a, voteB: value.vote_b };
}

/**
 * CometBFT's `VerifyDuplicateVote`: one validator of the height's set signed two votes of one height, round and type
 * for different block ids, one of which may be nil. Their times may differ. The order is free: CometBFT sorts the two.
 * @param set of the votes' height
 * @returns the validator
 * @throws CometBftRefusal
 */
export function verifyDuplicateVote(chainId: string, { voteA, voteB }: DuplicateVote, set: ValidatorSet): Validator {
  if (voteA.height !== voteB.height || voteA.round !== voteB.round || voteA.type !== voteB.type) {
    throw new CometBftRefusal('VOTE_STEP', 'the votes differ in height, round or type');
  }
  if (voteA.address !== voteB.address) throw new CometBftRefusal('VOTE_VALIDATOR', 'the votes are of two validators');
  if (sameBlockId(voteA.blockId, voteB.blockId))
    throw new CometBftRefusal('VOTE_BLOCK_ID', 'the block ids are the same');
  const validator = set.validators[set.addresses.indexOf(voteA.address)];
  if (!validator) throw new CometBftRefusal('VOTE_VALIDATOR', `${voteA.address} is not in the set`);
  for (const vote of [voteA, voteB]) {
    if (!verifyEd25519(fromHex(validator.key), voteSignBytes(chainId, vote), fromHex(vote.signature))) {
      throw new CometBftRefusal('SIGNATURE', `a signature of ${vote.address} does not hold`);
    }
  }
  return validator;
}

/**
 * Names an offence: one validator, height, round and type, however many votes show it and whatever their times and
 * signatures, of which the offender can make any number.
 */
export function offenceId({ voteA }: DuplicateVote): string {
  return `${voteA.address}:${voteA.height}:${voteA.round}:${voteA.type}`;
}
