// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { ChainId } from '../../protocol/chain.ts';
import { destinationKeys } from '../lib/redis-keys.ts';
import { requeueDone } from './backlog.ts';

const haltSchema = z.object({ reason: z.string(), at: z.string() });

/** Why relaying to a chain stopped, and when (ISO 8601). */
export type Halt = z.output<typeof haltSchema>;

export async function haltOf(redis: Redis, chain: ChainId): Promise<Halt | undefined> {
  const text = await redis.get(destinationKeys(chain).halt);
  return text === null ? undefined : haltSchema.parse(JSON.parse(text));
}

/** Stop relaying to a chain, in every relayer on this Redis and after every restart, until an operator resumes it. */
export async function haltChain(redis: Redis, chain: ChainId, reason: string): Promise<void> {
  await redis.set(destinationKeys(chain).halt, JSON.stringify({ reason, at: new Date().toISOString() }), 'NX');
}

/**
 * Go on with a chain as it is now (`phalanx relay --resume`): what was confirmed is looked at again, and sent again
 * where the chain no longer has it.
 * @returns why it had stopped; undefined if it had not
 */
export async function resumeChain(redis: Redis, chain: ChainId): Promise<Halt | undefined> {
  const halt = await haltOf(redis, chain);
  if (!halt) return undefined;
  const { halt: haltKey, anchor } = destinationKeys(chain);
  const transaction = redis.multi().del(haltKey).del(anchor);
  requeueDone(transaction, chain);
  await transaction.exec();
  return halt;
}
