// SPDX-License-Identifier: GPL-3.0-or-later
import { blockIdBytes, isNil, type BlockId } from './block-id.ts';
import { lengthDelimited, ProtoMessage } from './proto-message.ts';
import { timestampBytes, type TimeNs } from './timestamp.ts';

/** `SignedMsgType` of the two votes. */
export const PREVOTE = 1;
export const PRECOMMIT = 2;
export type VoteType = typeof PREVOTE | typeof PRECOMMIT;

/** Longest chain id that CometBFT takes (`MaxChainIDLen`), in bytes. */
export const MAX_CHAIN_ID_BYTES = 50;

/** What a validator signs, apart from the chain id. */
export interface Vote {
  readonly type: VoteType;
  /** int64 above 0 */
  readonly height: bigint;
  /** int32, at least 0 */
  readonly round: number;
  /** nil for no block */
  readonly blockId: BlockId;
  /** the voter's own clock */
  readonly timeNs: TimeNs;
}

/**
 * What a vote's signature covers: the protobuf message CanonicalVote behind its length (CometBFT specification, "Core
 * data structures", CanonicalVote). Zero fields and a nil block id are left out, the timestamp never. At most 171 bytes
 * with a chain id of at most 50.
 */
export function voteSignBytes(chainId: string, { type, height, round, blockId, timeNs }: Vote): Uint8Array {
  const message = new ProtoMessage().varint(1, type).sfixed64(2, height).sfixed64(3, BigInt(round));
  // CanonicalBlockID has the wire form of BlockID.
  if (!isNil(blockId)) message.embedded(4, blockIdBytes(blockId));
  message.embedded(5, timestampBytes(timeNs)).text(6, chainId);
  return lengthDelimited(message.finish());
}
