// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';

const hex = z
  .string()
  .regex(/^0x[0-9a-fA-F]*$/)
  .transform((text) => text as Hex);
const decimal = z
  .string()
  .regex(/^(0|[1-9]\d*)$/)
  .transform(BigInt);

const attemptSchema = z.object({
  hash: hex,
  /** the signed bytes: what is broadcast, now and after any crash */
  raw: hex,
  maxFeePerGas: decimal,
  maxPriorityFeePerGas: decimal,
  /** milliseconds since 1970 */
  at: z.number(),
});

const recordSchema = z.object({
  nonce: z.int().min(0),
  /** what it does, whatever the transaction: no two records with one effect are open at once */
  effect: z.string(),
  to: hex,
  data: hex,
  gas: decimal,
  attempts: z.array(attemptSchema).min(1),
  /** the block that holds one of the attempts, while it is not yet confirmed */
  included: z.object({ hash: hex, blockHash: hex, blockNumber: decimal }).optional(),
  /** `displaced`: its nonce was used by a transaction that is not ours */
  outcome: z.enum(['success', 'reverted', 'displaced']).optional(),
  gasUsed: decimal.optional(),
});

/** One signed version of a transaction; later ones pay more. */
export type TxAttempt = z.output<typeof attemptSchema>;
export type TxOutcome = NonNullable<TxRecord['outcome']>;
/** One nonce and what it was spent on. */
export type TxRecord = z.output<typeof recordSchema>;

export function parseTxRecord(text: string): TxRecord {
  return recordSchema.parse(JSON.parse(text));
}

/** One text for one record, fields in the schema's order: the store compares texts. */
export function formatTxRecord({
  nonce,
  effect,
  to,
  data,
  gas,
  attempts,
  included,
  outcome,
  gasUsed,
}: TxRecord): string {
  const record = {
    nonce,
    effect,
    to,
    data,
    gas,
    attempts: attempts.map(({ hash, raw, maxFeePerGas, maxPriorityFeePerGas, at }) => ({
      hash,
      raw,
      maxFeePerGas,
      maxPriorityFeePerGas,
      at,
    })),
    included: included && { hash: included.hash, blockHash: included.blockHash, blockNumber: included.blockNumber },
    outcome,
    gasUsed,
  };
  return JSON.stringify(record, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

/** The attempt that pays most. */
export function lastAttempt(record: TxRecord): TxAttempt {
  const attempt = record.attempts.at(-1);
  if (!attempt) throw new Error('unreachable: a record has an attempt from the start');
  return attempt;
}
