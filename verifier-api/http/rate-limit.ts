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

/** What one request is told: whether it has a token, and what is left after it. */
interface Share {
  readonly taken: boolean;
  readonly left: number;
  readonly waitMs: number;
}

interface Waiting {
  resolve(share: Share): void;
  reject(error: unknown): void;
}

const bucketScript = luaFile('token-bucket.lua');

/**
 * Buckets of tokens in Redis, a client's the same for all processes. Redis writes each change to its disk before it
 * answers; so requests of one client that come while its bucket is being asked wait, and then ask together, each for a
 * token of its own.
 */
export class RateLimiter {
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #policy: string;

  constructor(
    private readonly redis: Redis,
    private readonly limit: RateLimit,
  ) {
    this.#policy = `"client";q=${limit.burst};w=${Math.ceil(limit.burst / limit.perSecond)}`;
  }

  /**
   * Count a request against its client, over all processes.
   * @returns `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10)
   * @throws Problem RATE_LIMITED, with Retry-After
   */
  async take(client: string): Promise<Record<string, string>> {
    const { perSecond, burst } = this.limit;
    const { taken, left, waitMs } = await this.#share(client);
    const waitSeconds = Math.ceil(waitMs / 1_000);
    const headers = { 'RateLimit-Policy': this.#policy, RateLimit: `"client";r=${left};t=${waitSeconds}` };
    if (taken) return headers;
    throw new Problem('RATE_LIMITED', `at most ${perSecond} requests a second, ${burst} at once`, {
      headers: { ...headers, 'Retry-After': String(Math.max(1, waitSeconds)) },
    });
  }

  #share(client: string): Promise<Share> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(client);
      if (waiting) return void waiting.push({ resolve, reject });
      void this.#ask(client, [{ resolve, reject }]);
    });
  }

  /** Ask for all of these at once, then for those that came meanwhile, until there are none. */
  async #ask(client: string, first: readonly Waiting[]): Promise<void> {
    for (let asking = first; asking.length > 0;) {
      const next: Waiting[] = [];
      this.#waiting.set(client, next);
      try {
        const shares = await this.#takeTokens(client, asking.length);
        asking.forEach(({ resolve }, i) => resolve(shares(i)));
      } catch (error) {
        for (const { reject } of asking) reject(error);
      }
      asking = next;
    }
    this.#waiting.delete(client);
  }

  /** @returns what the request is told that came as number i, as if each had asked alone, one after another */
  async #takeTokens(client: string, wanted: number): Promise<(i: number) => Share> {
    const { perSecond, burst } = this.limit;
    const reply = await bucketScript.run(this.redis, [apiKeys.rate(client)], [perSecond, burst, wanted]);
    const [taken, left, waitMs] = reply as [number, number, number]; // the script's own return
    return (i) => {
      const after = taken - 1 - i;
      return after > 0 ? { taken: true, left: left + after, waitMs: 0 } : { taken: after === 0, left, waitMs };
    };
  }
}
