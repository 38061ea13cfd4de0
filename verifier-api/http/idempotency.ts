// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { apiKeys } from '../store/redis-keys.ts';
import { Problem } from './problem.ts';

/** How long a key is remembered. */
const IDEMPOTENCY_SECONDS = 86_400;

/**
 * Bind an Idempotency-Key to a request (draft-ietf-httpapi-idempotency-key-header). What it guards is idempotent by
 * itself, so a repetition is done again and answered the same; only the same key with another body is refused.
 * @param body as decoded; call once it is known to be valid, so that a refused request binds nothing
 * @throws Problem IDEMPOTENCY_KEY_INVALID, IDEMPOTENCY_KEY_REUSED
 */
export async function bindIdempotencyKey(
  redis: Redis,
  client: string,
  key: string | undefined,
  body: unknown,
): Promise<void> {
  if (key === undefined) return;
  if (!/^[\x21-\x7e]{1,128}$/.test(key))
    throw new Problem('IDEMPOTENCY_KEY_INVALID', 'expected 1 to 128 printable characters');
  const digest = createHash('sha256').update(JSON.stringify(body, bigintAsText)).digest('hex');
  const name = apiKeys.idempotency(client, key);
  await redis.set(name, digest, 'EX', IDEMPOTENCY_SECONDS, 'NX');
  const bound = await redis.get(name);
  if (bound !== null && bound !== digest) {
    throw new Problem(
      'IDEMPOTENCY_KEY_REUSED',
      `the key was bound to another body within ${IDEMPOTENCY_SECONDS} seconds`,
    );
  }
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
