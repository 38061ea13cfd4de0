// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { decodeAbiParameters, encodeAbiParameters } from 'viem';
import { z } from 'zod';
import { duplicateVoteParameters } from '../../protocol/abi/cometbft-evidence.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import type { JudgeDuplicateVote } from '../../protocol/cometbft/judge-evidence.ts';
import { bytes32, chainId, data } from '../schemas/primitives.ts';
import { apiKeys } from './redis-keys.ts';
import { SignatureBundleStore, type SignatureBundle, type StoredBundle } from './signature-bundle-store.ts';

/** An offence that was checked, on its way to Coalitions. */
export interface DuplicateVoteContent {
  readonly chain: ChainId;
  /** the validator's Ed25519 key */
  readonly consensusKey: Hex;
  /** of the header at the votes' height */
  readonly blockHash: Hex;
  /** in the judge's form, without proof */
  readonly evidence: JudgeDuplicateVote;
}

export type DuplicateVoteRecord = DuplicateVoteContent & SignatureBundle;
export type StoredDuplicateVote = DuplicateVoteContent & StoredBundle;
export type DuplicateVoteStore = SignatureBundleStore<DuplicateVoteContent>;

const storedSchema = z.strictObject({ chain: chainId, consensusKey: bytes32, blockHash: bytes32, evidence: data });

/** Duplicate votes in Redis, of which one of a key on a chain stands at a time. */
export function duplicateVoteStore(redis: Redis): DuplicateVoteStore {
  return new SignatureBundleStore(redis, apiKeys.duplicateVotes, { encode, decode });
}

function encode({ chain, consensusKey, blockHash, evidence }: DuplicateVoteContent): string {
  const bytes = encodeAbiParameters(duplicateVoteParameters, [evidence]);
  return JSON.stringify({ chain, consensusKey, blockHash, evidence: bytes });
}

function decode(text: string): DuplicateVoteContent {
  const { evidence: bytes, ...rest } = storedSchema.parse(JSON.parse(text));
  const [evidence] = decodeAbiParameters(duplicateVoteParameters, bytes);
  return { ...rest, evidence };
}
