// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { luaFile } from '../store/lua-file.ts';
import { apiKeys } from '../store/redis-keys.ts';
import { Problem } from './problem.ts';

export interface RateLimit {
  /** tokens that come back each second */
  readonly perSecond: number;
  /** tokens that a client can save up */
  readonly burst: number;
}

const bucketScript = luaFile('token-bucket.lua');

/**
 * Count a request against its client, over all processes.
 * @returns `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10)
 * @throws Problem RATE_LIMITED, with Retry-After
 */
export async function takeToken(redis: Redis, client: string, limit: RateLimit): Promise<Record<string, string>> {
  const reply = await bucketScript.run(redis, [apiKeys.rate(client)], [limit.perSecond, limit.burst]);
  const [taken, left, waitMs] = reply as [number, number, number]; // the script's own return
  const waitSeconds = Math.ceil(waitMs / 1_000);
  const headers = {
    'RateLimit-Policy': `"client";q=${limit.burst};w=${Math.ceil(limit.burst / limit.perSecond)}`,
    RateLimit: `"client";r=${left};t=${waitSeconds}`,
  };
  if (taken === 1) return headers;
  throw new Problem('RATE_LIMITED', `at most ${limit.perSecond} requests a second, ${limit.burst} at once`, {
    headers: { ...headers, 'Retry-After': String(Math.max(1, waitSeconds)) },
  });
}
