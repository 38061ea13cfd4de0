// SPDX-License-Identifier: GPL-3.0-or-later
import { keccak256, toRlp } from 'viem';
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';
import { HeaderError } from './errors.ts';

const bytes = (length: number): z.ZodType<Hex, string> =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * length}}$`))
    .transform((text) => text.toLowerCase() as Hex);
const data = z
  .string()
  .regex(/^0x([0-9a-fA-F]{2}){0,32}$/)
  .transform((text) => text.toLowerCase() as Hex);
/** A JSON-RPC quantity; some nodes pad theirs with zeros. */
const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/)
  .transform(BigInt);

/**
 * An execution block header as `eth_getBlockByNumber` gives it (Yellow Paper 4.4; the optional fields in the order of
 * the forks that brought them: EIP-1559, EIP-4895, EIP-4844, EIP-4788, EIP-7685).
 */
const headerSchema = z.object({
  hash: bytes(32),
  parentHash: bytes(32),
  sha3Uncles: bytes(32),
  miner: bytes(20),
  stateRoot: bytes(32),
  transactionsRoot: bytes(32),
  receiptsRoot: bytes(32),
  logsBloom: bytes(256),
  difficulty: quantity,
  number: quantity,
  gasLimit: quantity,
  gasUsed: quantity,
  timestamp: quantity,
  extraData: data,
  mixHash: bytes(32),
  nonce: bytes(8),
  baseFeePerGas: quantity.nullish(),
  withdrawalsRoot: bytes(32).nullish(),
  blobGasUsed: quantity.nullish(),
  excessBlobGas: quantity.nullish(),
  parentBeaconBlockRoot: bytes(32).nullish(),
  requestsHash: bytes(32).nullish(),
});

/** What a checkpoint takes from a header. */
export interface EvmHeader {
  readonly number: bigint;
  /** recomputed from the header's fields */
  readonly hash: Hex;
  readonly stateRoot: Hex;
  readonly parentHash: Hex;
  /** seconds */
  readonly timestamp: bigint;
}

/**
 * Parse a block and recompute its hash: keccak-256 over the RLP of its header. A header field of a later fork that this
 * version does not know makes the hashes differ, so such a block is refused, never misread.
 * @param block result of `eth_getBlockByNumber`
 * @throws HeaderError
 */
export function parseEvmHeader(block: unknown): EvmHeader {
  const parsed = headerSchema.safeParse(block);
  if (!parsed.success) {
    throw new HeaderError('not a block header', { field: parsed.error.issues[0]?.path.join('.') ?? '' });
  }
  const header = parsed.data;
  const hash = keccak256(toRlp(rlpFields(header)));
  if (hash !== header.hash) {
    throw new HeaderError('the block hash is not the hash of the header', {
      height: String(header.number),
      reported: header.hash,
      computed: hash,
    });
  }
  const { number, stateRoot, parentHash, timestamp } = header;
  return { number, hash, stateRoot, parentHash, timestamp };
}

function rlpFields(header: z.output<typeof headerSchema>): Hex[] {
  const fields: Hex[] = [
    header.parentHash,
    header.sha3Uncles,
    header.miner,
    header.stateRoot,
    header.transactionsRoot,
    header.receiptsRoot,
    header.logsBloom,
    integer(header.difficulty),
    integer(header.number),
    integer(header.gasLimit),
    integer(header.gasUsed),
    integer(header.timestamp),
    header.extraData,
    header.mixHash,
    header.nonce,
  ];
  const later = [
    optionalInteger(header.baseFeePerGas),
    header.withdrawalsRoot,
    optionalInteger(header.blobGasUsed),
    optionalInteger(header.excessBlobGas),
    header.parentBeaconBlockRoot,
    header.requestsHash,
  ];
  // Each fork appends, so the first absent field ends the header; one present after it cannot be encoded.
  const end = later.findIndex((field) => field === undefined || field === null);
  const present = end < 0 ? later : later.slice(0, end);
  return fields.concat(present.filter((field) => field !== undefined && field !== null));
}

/** RLP integers have no leading zeros; zero is the empty string. */
function integer(value: bigint): Hex {
  if (value === 0n) return '0x';
  const text = value.toString(16);
  return `0x${text.length % 2 === 1 ? '0' : ''}${text}`;
}

function optionalInteger(value: bigint | null | undefined): Hex | undefined {
  return value === undefined || value === null ? undefined : integer(value);
}
