// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../bytes.ts';
import { completeBlockId, NIL_BLOCK_ID, type BlockId } from './block-id.ts';
import { headerSchema, type Header } from './header.ts';
import { base64Of, hexOf, int32, int64, list, object, parseRpc, rpcResult, time } from './rpc-json.ts';
import { ZERO_TIME_NS, type TimeNs } from './timestamp.ts';
import { PRECOMMIT, voteSignBytes } from './vote.ts';

/** One validator's place in a commit: no vote, or a precommit for the commit's block or for none. */
export type CommitSignature =
  | { readonly flag: 'absent' }
  | {
      readonly flag: 'commit' | 'nil';
      /** 20 bytes */
      readonly address: Hex;
      readonly timeNs: TimeNs;
      /** 64 bytes */
      readonly signature: Hex;
    };

/** The precommits of one round, one place for each validator of the height's set, in its order. */
export interface Commit {
  /** int64 above 0 */
  readonly height: bigint;
  /** int32, at least 0 */
  readonly round: number;
  readonly blockId: BlockId;
  readonly signatures: readonly CommitSignature[];
}

export interface SignedHeader {
  readonly header: Header;
  readonly commit: Commit;
}

/** `BlockIDFlag` as RPC answers write it. */
const FLAGS = { absent: 1, commit: 2, nil: 3 } as const;

const absent = object({
  block_id_flag: z.literal(FLAGS.absent),
  validator_address: hexOf(0),
  timestamp: time.refine((timeNs) => timeNs === ZERO_TIME_NS, '0001-01-01T00:00:00Z, as nobody voted'),
  signature: z.union([z.null(), z.literal('')], 'no signature, as nobody voted'),
}).transform((): CommitSignature => ({ flag: 'absent' }));

const voted = object({
  block_id_flag: z.literal([FLAGS.commit, FLAGS.nil]),
  validator_address: hexOf(20),
  timestamp: time,
  signature: base64Of(64),
}).transform((vote): CommitSignature => ({
  flag: vote.block_id_flag === FLAGS.commit ? 'commit' : 'nil',
  address: vote.validator_address,
  timeNs: vote.timestamp,
  signature: vote.signature,
}));

const signatureSchema = z.discriminatedUnion('block_id_flag', [absent, voted], {
  error: (issue) => (issue.code === 'invalid_union' ? '1 (absent), 2 (commit) or 3 (nil)' : 'an object'),
});

/** A commit as RPC answers write it, within the bounds of CometBFT's `Commit.ValidateBasic`. */
const commitSchema = object({
  height: int64(1n),
  round: int32(0),
  block_id: completeBlockId,
  signatures: list(signatureSchema).min(1, 'at least one place'),
}).transform((commit): Commit => ({
  height: commit.height,
  round: commit.round,
  blockId: commit.block_id,
  signatures: commit.signatures,
}));

/**
 * Read a header and its commit from the answer to `/commit`. What they say of each other is not checked here.
 * @param label how the sender calls the answer
 * @throws InvalidFieldError
 */
export function parseSignedHeader(answer: unknown, label: string): SignedHeader {
  const schema = object({ signed_header: object({ header: headerSchema, commit: commitSchema }) });
  return parseRpc(schema, rpcResult(answer, label), `${label}.result`).signed_header;
}

/** What the signature of a place that voted covers: the precommit for the commit's block, or for none. */
export function commitSignBytes(
  chainId: string,
  { height, round, blockId }: Commit,
  { flag, timeNs }: Exclude<CommitSignature, { flag: 'absent' }>,
): Uint8Array {
  const voteFor = flag === 'commit' ? blockId : NIL_BLOCK_ID;
  return voteSignBytes(chainId, { type: PRECOMMIT, height, round, blockId: voteFor, timeNs });
}
