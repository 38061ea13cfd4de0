// SPDX-License-Identifier: GPL-3.0-or-later
import { fromHex, type Hex } from '../bytes.ts';
import { ProtoMessage } from './proto-message.ts';
import { hexOf, int32, object, optionalHash } from './rpc-json.ts';

/** Names a block: the hash of its header and the root of the parts in which it is gossiped. */
export interface BlockId {
  /** 32 bytes, or none in a nil block id */
  readonly hash: Hex;
  readonly parts: {
    /** uint32 */
    readonly total: number;
    /** 32 bytes, or none in a nil block id */
    readonly hash: Hex;
  };
}

/** What a vote for no block names. */
export const NIL_BLOCK_ID: BlockId = { hash: '0x', parts: { total: 0, hash: '0x' } };

const UINT32_MAX = 2 ** 32 - 1;

/** Of the block that a header follows: all of it empty at a chain's first height. */
export const lastBlockId = object({
  hash: optionalHash,
  parts: object({ total: int32(0, UINT32_MAX), hash: optionalHash }),
});

/** Of a block: none of it empty. */
export const completeBlockId = object({
  hash: hexOf(32),
  parts: object({ total: int32(1, UINT32_MAX), hash: hexOf(32) }),
});

export function isNil(id: BlockId): boolean {
  return sameBlockId(id, NIL_BLOCK_ID);
}

/** Names a block (CometBFT, `BlockID.IsComplete`). Neither nil nor complete is what no vote may name. */
export function isComplete({ hash, parts }: BlockId): boolean {
  return hash !== '0x' && parts.total > 0 && parts.hash !== '0x';
}

/** Hash and parts: two ids with one hash and different parts are different blocks to a voter. */
export function sameBlockId(a: BlockId, b: BlockId): boolean {
  return a.hash === b.hash && a.parts.total === b.parts.total && a.parts.hash === b.parts.hash;
}

/** CometBFT's message BlockID {1 hash, 2 part_set_header {1 total, 2 hash}}. */
export function blockIdBytes({ hash, parts }: BlockId): Uint8Array {
  const partSetHeader = new ProtoMessage().varint(1, parts.total).bytes(2, fromHex(parts.hash)).finish();
  return new ProtoMessage().bytes(1, fromHex(hash)).embedded(2, partSetHeader).finish();
}
