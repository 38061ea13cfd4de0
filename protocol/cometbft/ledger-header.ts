// SPDX-License-Identifier: GPL-3.0-or-later
import type { ContractFunctionArgs } from 'viem';
import { concatBytes, fromHex, toBytesBE, toHex, type Hex } from '../bytes.ts';
import type { cometBftLedgerAbi } from '../abi/cometbft-ledger.ts';
import { InvalidFieldError } from '../errors.ts';
import type { SignedSlot } from '../signature-slots.ts';
import type { BlockId } from './block-id.ts';
import type { ConsensusState, HeaderMessage } from './client-state.ts';
import { commitSignBytes } from './commit.ts';
import type { Header } from './header.ts';
import { chosenSigners, type Signer } from './signers.ts';
import { splitTime } from './timestamp.ts';
import { placesByAddress, type ValidatorSet } from './validator-set.ts';

type UpdateArguments = ContractFunctionArgs<typeof cometBftLedgerAbi, 'nonpayable', 'update'>;

/** `ICometBftLedger.ConsensusState`. */
export type LedgerState = UpdateArguments[0];
/** `ICometBftLedger.SignedHeader`. */
export type LedgerSignedHeader = UpdateArguments[2];

/** Stands for no place in the trusted set. */
const NONE = 0xffff;
const ZERO_HASH: Hex = `0x${'00'.repeat(32)}`;

/** A slot of an `ed25519` statement with the signature that it is about. */
export interface SignatureSlot extends SignedSlot {
  /** 64 bytes */
  readonly signature: Hex;
}

/** What each of a message's signers signed, in their order. @throws CometBftRefusal */
export function signatureSlots({ signedHeader, validators, signers }: HeaderMessage): SignatureSlot[] {
  const { header, commit } = signedHeader;
  return chosenSigners(validators, commit, signers).map(({ key, vote }) => ({
    key,
    message: toHex(commitSignBytes(header.chainId, commit, vote)),
    signature: vote.signature,
  }));
}

/** @throws InvalidFieldError where the ledger's form has no room for it */
export function ledgerState(height: bigint, state: ConsensusState): LedgerState {
  const { timeNs, appHash, nextValidatorsHash, blockHash } = state;
  if (timeNs <= 0n || timeNs >= 1n << 64n) throw new InvalidFieldError('time', 'a time in (0, 2^64) ns after 1970');
  return { height, timeNs, appHash: hash32(appHash, 'app_hash'), nextValidatorsHash, blockHash };
}

/**
 * A message in the ledger's form, less its proofs: `digests` and `proofs` are empty.
 * @throws CometBftRefusal for signers that did not vote for the block; InvalidFieldError where that form has no room
 *   for it: an app hash of other than 32 bytes, sets above 65,535 validators
 */
export function ledgerHeader(message: HeaderMessage): LedgerSignedHeader {
  const { signedHeader, validators, trustedValidators, signers: indices } = message;
  const { header, commit } = signedHeader;
  const signers = chosenSigners(validators, commit, indices);
  return {
    header: headerFields(header),
    round: commit.round,
    partsTotal: commit.blockId.parts.total,
    partsHash: commit.blockId.parts.hash,
    validators: packedSet(validators),
    signers: toHex(concatBytes(...signers.map(packedSigner))),
    trustedValidators: trustedValidators ? packedSet(trustedValidators) : '0x',
    trustedIndices: trustedValidators ? packedPlaces(trustedValidators, signers) : '0x',
    digests: [],
    proofs: [],
  };
}

/** `ICometBftLedger.Header`. @throws InvalidFieldError where it has no room for the header */
export function headerFields(header: Header): LedgerSignedHeader['header'] {
  const { seconds: secs, nanos } = splitTime(header.timeNs);
  return {
    blockVersion: header.version.block,
    appVersion: header.version.app,
    height: header.height,
    secs,
    nanos,
    lastBlockId: blockIdFields(header.lastBlockId),
    lastCommitHash: hash32(header.lastCommitHash, 'last_commit_hash', true),
    dataHash: hash32(header.dataHash, 'data_hash', true),
    validatorsHash: header.validatorsHash,
    nextValidatorsHash: header.nextValidatorsHash,
    consensusHash: hash32(header.consensusHash, 'consensus_hash', true),
    appHash: hash32(header.appHash, 'app_hash'),
    lastResultsHash: hash32(header.lastResultsHash, 'last_results_hash', true),
    evidenceHash: hash32(header.evidenceHash, 'evidence_hash', true),
    proposer: header.proposerAddress,
  };
}

/** `ICometBftLedger.BlockId`, all zero for nil. @throws InvalidFieldError */
export function blockIdFields({ hash, parts }: BlockId): LedgerSignedHeader['header']['lastBlockId'] {
  return {
    hash: hash32(hash, 'last_block_id.hash', true),
    partsTotal: parts.total,
    partsHash: hash32(parts.hash, 'last_block_id.parts.hash', true),
  };
}

/** @param optional whether the ledger reads zeros as a hash that is not set */
function hash32(hash: Hex, field: string, optional = false): Hex {
  if (optional && hash === '0x') return ZERO_HASH;
  if (hash.length !== ZERO_HASH.length) throw new InvalidFieldError(field, '32 bytes, which is all that ledgers hold');
  return hash;
}

/** For each validator 32 bytes of key and 8 of power. @throws InvalidFieldError above 65,535 validators */
export function packedSet({ validators }: ValidatorSet): Hex {
  if (validators.length > NONE) throw new InvalidFieldError('validators', `at most ${NONE} validators`);
  return toHex(concatBytes(...validators.map(({ key, power }) => concatBytes(fromHex(key), bytes(power, 8)))));
}

/** Two bytes of index, eight of the vote's seconds in two's complement, four of its nanoseconds. */
function packedSigner({ index, vote }: Signer): Uint8Array {
  const { seconds, nanos } = splitTime(vote.timeNs);
  return concatBytes(bytes(BigInt(index), 2), bytes(BigInt.asUintN(64, seconds), 8), bytes(BigInt(nanos), 4));
}

/** For each signer two bytes: its place in the trusted set, or none. */
function packedPlaces(set: ValidatorSet, signers: readonly Signer[]): Hex {
  const places = placesByAddress(set);
  return toHex(concatBytes(...signers.map(({ address }) => bytes(BigInt(places.get(address) ?? NONE), 2))));
}

const bytes = (value: bigint, length: number): Uint8Array => toBytesBE(value, length, 'number');
