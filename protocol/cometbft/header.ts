// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { fromHex, toHex, type Hex } from '../bytes.ts';
import { blockIdBytes, lastBlockId, type BlockId } from './block-id.ts';
import { merkleRoot } from './merkle.ts';
import { ProtoMessage } from './proto-message.ts';
import { anyHex, hexOf, int64, object, optionalHash, time } from './rpc-json.ts';
import { timestampBytes, type TimeNs } from './timestamp.ts';
import { MAX_CHAIN_ID_BYTES } from './vote.ts';

/** Version of the block's form from Tendermint v0.34 to CometBFT v1; earlier ones hash their headers otherwise. */
const BLOCK_PROTOCOL = 11n;

/** A block's header. Hashes have 32 bytes, or none where a field is not set. */
export interface Header {
  readonly version: {
    readonly block: bigint;
    readonly app: bigint;
  };
  /** at most 50 bytes of UTF-8 */
  readonly chainId: string;
  /** int64 above 0 */
  readonly height: bigint;
  readonly timeNs: TimeNs;
  readonly lastBlockId: BlockId;
  readonly lastCommitHash: Hex;
  readonly dataHash: Hex;
  /** 32 bytes; of the set that signs this block */
  readonly validatorsHash: Hex;
  /** 32 bytes; of the set that signs the next */
  readonly nextValidatorsHash: Hex;
  readonly consensusHash: Hex;
  /** of the application's state after the block before this one; of any length */
  readonly appHash: Hex;
  readonly lastResultsHash: Hex;
  readonly evidenceHash: Hex;
  /** 20 bytes */
  readonly proposerAddress: Hex;
}

const chainIdText = z
  .string('a chain id')
  .min(1, 'a chain id')
  .refine((text) => new TextEncoder().encode(text).length <= MAX_CHAIN_ID_BYTES, `at most ${MAX_CHAIN_ID_BYTES} bytes`);

/** A header as RPC answers write it, within the bounds of CometBFT's `Header.ValidateBasic`. */
export const headerSchema = object({
  // A zero is left out.
  version: object({ block: int64(BLOCK_PROTOCOL, BLOCK_PROTOCOL), app: int64(0n, (1n << 64n) - 1n).optional() }),
  chain_id: chainIdText,
  height: int64(1n),
  time,
  last_block_id: lastBlockId,
  last_commit_hash: optionalHash,
  data_hash: optionalHash,
  validators_hash: hexOf(32),
  next_validators_hash: hexOf(32),
  consensus_hash: optionalHash,
  app_hash: anyHex,
  last_results_hash: optionalHash,
  evidence_hash: optionalHash,
  proposer_address: hexOf(20),
}).transform((header): Header => ({
  version: { block: header.version.block, app: header.version.app ?? 0n },
  chainId: header.chain_id,
  height: header.height,
  timeNs: header.time,
  lastBlockId: header.last_block_id,
  lastCommitHash: header.last_commit_hash,
  dataHash: header.data_hash,
  validatorsHash: header.validators_hash,
  nextValidatorsHash: header.next_validators_hash,
  consensusHash: header.consensus_hash,
  appHash: header.app_hash,
  lastResultsHash: header.last_results_hash,
  evidenceHash: header.evidence_hash,
  proposerAddress: header.proposer_address,
}));

/**
 * The header's fields as leaves of the tree whose root is its hash (CometBFT specification, "Core data structures",
 * Header): messages in protobuf, single values in the wrapper message of their type, which is empty for an empty value.
 */
export function headerLeaves(header: Header): Uint8Array[] {
  const { version } = header;
  const hashes = [
    header.lastCommitHash,
    header.dataHash,
    header.validatorsHash,
    header.nextValidatorsHash,
    header.consensusHash,
    header.appHash,
    header.lastResultsHash,
    header.evidenceHash,
    header.proposerAddress,
  ];
  return [
    new ProtoMessage().uint64(1, version.block).uint64(2, version.app).finish(),
    new ProtoMessage().text(1, header.chainId).finish(),
    new ProtoMessage().varint(1, header.height).finish(),
    timestampBytes(header.timeNs),
    blockIdBytes(header.lastBlockId),
    ...hashes.map((hash) => new ProtoMessage().bytes(1, fromHex(hash)).finish()),
  ];
}

/** 32 bytes: the block's hash. */
export function headerHash(header: Header): Hex {
  return toHex(merkleRoot(headerLeaves(header)));
}
