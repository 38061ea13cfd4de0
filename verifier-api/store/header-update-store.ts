// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { decodeFunctionData, encodeFunctionData } from 'viem';
import { z } from 'zod';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import type { LedgerSignedHeader, LedgerState } from '../../protocol/cometbft/ledger-header.ts';
import { bytes32, chainId, data } from '../schemas/primitives.ts';
import { apiKeys } from './redis-keys.ts';
import { SignatureBundleStore, type SignatureBundle, type StoredBundle } from './signature-bundle-store.ts';

/** A header that was checked, on its way to ledgers. */
export interface HeaderContent {
  readonly chain: ChainId;
  readonly blockHash: Hex;
  readonly trusted: LedgerState;
  /** in the ledger's form, without proofs */
  readonly header: LedgerSignedHeader;
  /** another header is held at its height, or its time does not rise: ledgers will freeze */
  readonly contradicts: boolean;
}

export type HeaderUpdate = HeaderContent & SignatureBundle;
export type StoredHeaderUpdate = HeaderContent & StoredBundle;
export type HeaderUpdateStore = SignatureBundleStore<HeaderContent>;

const storedSchema = z.strictObject({ chain: chainId, blockHash: bytes32, call: data, contradicts: z.boolean() });

/** Header updates in Redis. */
export function headerUpdateStore(redis: Redis): HeaderUpdateStore {
  return new SignatureBundleStore(redis, apiKeys.headerUpdates, { encode, decode });
}

/** The header lies there as the call that shows it, whose place beside others and whose proofs come later. */
function encode({ chain, blockHash, trusted, header, contradicts }: HeaderContent): string {
  const args = [trusted, 0n, header, `0x${'00'.repeat(32)}`] as const;
  const call = encodeFunctionData({ abi: cometBftLedgerAbi, functionName: 'update', args });
  return JSON.stringify({ chain, blockHash, call, contradicts });
}

function decode(text: string): HeaderContent {
  const { call, ...rest } = storedSchema.parse(JSON.parse(text));
  const { functionName, args } = decodeFunctionData({ abi: cometBftLedgerAbi, data: call });
  if (functionName !== 'update') throw new TypeError(`a header update holds a call of ${functionName}`);
  const [trusted, , header] = args;
  return { ...rest, trusted, header };
}
