// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Checkpoint } from '../../protocol/attestation.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainKey } from '../../protocol/chain.ts';

const big = z.string().transform(BigInt);
const hex = z.string().transform((text) => text as Hex);
const checkpoint = z.object({
  chainKey: z.string().transform((text) => text as ChainKey),
  height: big,
  blockHash: hex,
  stateRoot: hex,
  timestamp: big,
});

const stateSchema = z.object({
  /** last block whose events were read */
  block: big,
  /** held by the ledger, and not yet compared with the source chain */
  unchecked: z.array(checkpoint),
  /** held by the ledger, and not blocks of the source chain */
  wrong: z.array(checkpoint),
  /** transactions that showed the ledger a conflicting checkpoint, to be reported to the API */
  unreported: z.array(hex),
});

/** How far the watcher has come with one ledger. */
export type LedgerState = z.output<typeof stateSchema> & { readonly unchecked: readonly Checkpoint[] };

export async function readLedgerState(redis: Redis, key: string): Promise<LedgerState | undefined> {
  const text = await redis.get(key);
  return text === null ? undefined : stateSchema.parse(JSON.parse(text));
}

export async function writeLedgerState(redis: Redis, key: string, state: LedgerState): Promise<void> {
  await redis.set(
    key,
    JSON.stringify(state, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
}
