// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Hex } from '../../protocol/bytes.ts';
import { startEmbeddedRedis, type EmbeddedRedis } from '../../runtime/embedded-redis.ts';
import { connectProducer } from '../../runtime/redis.ts';
import { conflicts, random, shuffle, toVerified, type ModelVote } from '../testing/votes.ts';
import { AttestationStore } from './attestation-store.ts';
import { keyId } from '../../protocol/key-id.ts';
import { apiKeys } from './redis-keys.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'phalanx-attestations-'));
let server: EmbeddedRedis;
let redis: Redis;
let store: AttestationStore;

before(async () => {
  server = await startEmbeddedRedis({ dataDir });
  redis = await connectProducer({ url: server.url, password: undefined });
});
beforeEach(async () => {
  await redis.flushall();
  store = new AttestationStore(redis, { share: 20_000, evidenceWindowSeconds: 86_400, mostVotesPerKey: 200_000 });
});
after(async () => {
  redis.disconnect();
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

const idOf = (validator: number): Hex => keyId({ x: BigInt(validator) + 1n, y: 5n });

describe('conflicts', () => {
  const base: ModelVote = { validator: 0, chain: 0, source: 100, target: 200, fork: 0 };
  const cases: [name: string, other: Partial<ModelVote>, expected: string | undefined][] = [
    ['another checkpoint at the same height', { fork: 1 }, 'double-vote'],
    ['another checkpoint at the same height under another source', { source: 7, fork: 1 }, 'double-vote'],
    ['the same checkpoint under another source', { source: 101 }, undefined],
    ['a vote inside', { source: 101, target: 199 }, 'surround-vote'],
    ['a vote around', { source: 99, target: 201 }, 'surround-vote'],
    ['the same source and a lower target', { target: 199 }, undefined],
    ['the same source and a higher target', { target: 201 }, undefined],
    ['a later vote', { source: 200, target: 264 }, undefined],
    ['an overlapping vote', { source: 150, target: 264 }, undefined],
    ['a vote inside on another chain', { chain: 1, source: 101, target: 199 }, undefined],
    ['a vote inside by another key', { validator: 1, source: 101, target: 199 }, undefined],
  ];
  for (const [name, change, expected] of cases) {
    test(`${name}: ${expected ?? 'none'}, in either order`, async () => {
      const other = { ...base, ...change };
      for (const [first, second] of [
        [base, other],
        [other, base],
      ] as const) {
        await redis.flushall();
        assert.equal((await store.submit(toVerified(first))).conflict, undefined);
        assert.equal((await store.submit(toVerified(second))).conflict, expected);
        const offender = await store.offender(idOf(second.validator));
        assert.equal(offender?.conflict, expected);
        if (offender) {
          assert.deepEqual(offender.first.attestation, toVerified(first).attestation);
          assert.deepEqual(offender.second.attestation, toVerified(second).attestation);
        }
      }
    });
  }

  test('a further pair by the same key changes nothing of its record', async () => {
    for (const fork of [0, 1]) await store.submit(toVerified({ ...base, fork }));
    const record = await redis.hgetall(apiKeys.offender(idOf(0)));
    await redis.del(apiKeys.outbox);
    for (const fork of [0, 1]) {
      const outcome = await store.submit(toVerified({ ...base, source: 300, target: 400, fork }));
      assert.deepEqual(outcome, {
        outcome: 'stored',
        conflict: undefined,
        quorum: false,
        quorumPending: false,
        offencePending: false,
      });
    }
    const vote = (fork: number) => toVerified({ ...base, target: 500, fork });
    assert.equal(await store.recordEvidence(vote(0).key, 'double-vote', vote(0), vote(1)), false);
    assert.deepEqual(await redis.hgetall(apiKeys.offender(idOf(0))), record);
    assert.equal(await redis.exists(apiKeys.outbox), 0);
  });

  test('after every vote of a random sequence the key is an offender exactly if two of its votes conflict', async () => {
    const next = random(11);
    for (let round = 0; round < 60; round++) {
      await redis.flushall();
      const seen: ModelVote[] = [];
      const spread = 6 + next(60);
      for (let i = 0; i < 25; i++) {
        const source = next(spread);
        const vote = { validator: 0, chain: 0, source, target: source + 1 + next(4), fork: next(12) === 0 ? 1 : 0 };
        const expected = seen.some((earlier) => conflicts(earlier, vote));
        const outcome = await store.submit(toVerified(vote));
        assert.equal(outcome.conflict !== undefined, expected, `round ${round}, vote ${i}`);
        seen.push(vote);
        if (expected) break;
      }
    }
  });

  test('are noticed up to the limit of a key; beyond it nothing changes, and other keys and chains go on', async () => {
    await redis.flushall();
    const two = new AttestationStore(redis, { share: 20_000, evidenceWindowSeconds: 86_400, mostVotesPerKey: 2 });
    const vote = (change: Partial<ModelVote>) => two.submit(toVerified({ ...base, ...change }));
    assert.equal((await vote({})).outcome, 'stored');
    assert.equal((await vote({ source: 200, target: 264 })).outcome, 'stored');
    const third = { source: 264, target: 328 };
    assert.equal((await vote(third)).outcome, 'full');
    assert.equal(await redis.exists(apiKeys.message(toVerified({ ...base, ...third }).message)), 0);
    assert.equal((await vote({})).outcome, 'known');
    assert.equal((await vote({ ...third, chain: 1 })).outcome, 'stored');
    assert.equal((await vote({ ...third, validator: 1 })).outcome, 'stored');
  });

  test('are found across the edge of two time buckets, and no longer after the window', async () => {
    const brief = new AttestationStore(redis, { share: 20_000, evidenceWindowSeconds: 2, mostVotesPerKey: 200_000 });
    await untilSecond((second) => second % 2 === 1);
    await brief.submit(toVerified(base));
    await untilSecond((second) => second % 2 === 0);
    assert.equal((await brief.submit(toVerified({ ...base, fork: 1 }))).conflict, 'double-vote');
    await redis.flushall();
    await brief.submit(toVerified(base));
    await sleep(4_200);
    assert.equal((await brief.submit(toVerified({ ...base, fork: 1 }))).conflict, undefined);
    assert.equal(await redis.exists(apiKeys.message(toVerified(base).message)), 0, 'the old message has expired');
  });
});

describe('quorums', () => {
  const vote = (slot: number, stakeGwei: bigint, totalGwei: bigint) => ({
    ...toVerified({ validator: slot, chain: 0, source: 0, target: 64, fork: 0 }),
    slot,
    stakeGwei,
    totalGwei,
  });

  test('exactly two thirds is none, one gwei more is', async () => {
    const total = 3n << 63n;
    assert.equal((await store.submit(vote(0, (1n << 64n) - 1n, total))).quorumPending, false);
    assert.equal((await store.submit(vote(1, 1n, total))).quorumPending, false);
    assert.equal((await store.submit(vote(2, 1n, total))).quorumPending, true);
  });

  test('stake is counted exactly, where doubles and 64-bit integers fail', async () => {
    const big = (1n << 64n) - 1n;
    const total = big * 128n;
    const needed = (total * 20_000n) / 30_000n + 1n;
    const slots = Number((needed + big - 1n) / big);
    for (let slot = 0; slot < slots; slot++) {
      const { quorumPending } = await store.submit(vote(slot, big, total));
      assert.equal(quorumPending, slot === slots - 1, `slot ${slot}`);
    }
    const rest = needed - big * BigInt(slots - 1);
    await redis.flushall();
    for (let slot = 0; slot < slots - 1; slot++) await store.submit(vote(slot, big, total));
    assert.equal((await store.submit(vote(slots, rest - 1n, total))).quorumPending, false);
    assert.equal((await store.submit(vote(slots + 1, 1n, total))).quorumPending, true);
  });

  test('the signers at the crossing are kept, later ones are only stored; a signature counts once', async () => {
    for (const slot of [3, 3, 3, 1]) assert.equal((await store.submit(vote(slot, 3n, 10n))).quorumPending, false);
    await store.submit(vote(12, 3n, 10n));
    await store.submit(vote(7, 1n, 10n));
    const stored = await store.message(vote(3, 3n, 10n).message);
    assert.deepEqual(stored?.quorum, [1, 3, 12]);
    assert.deepEqual([...(stored?.signatures.keys() ?? [])], [1, 3, 7, 12]);
  });

  test('from many writers at once there is one crossing', async () => {
    const slots = shuffle(
      Array.from({ length: 100 }, (_, slot) => slot),
      random(5),
    );
    await Promise.all(slots.map((slot) => store.submit(vote(slot, 1n, 100n))));
    assert.equal((await store.message(vote(0, 1n, 100n).message))?.quorum?.length, 67);
    assert.equal(await redis.zcard(apiKeys.outbox), 1);
  });

  test('the latest checkpoint with a quorum outlives the window, the one before it does not', async () => {
    const brief = new AttestationStore(redis, { share: 20_000, evidenceWindowSeconds: 1, mostVotesPerKey: 200_000 });
    const at = (target: number) => ({
      ...toVerified({ validator: 0, chain: 0, source: 0, target, fork: 0 }),
      totalGwei: 1n,
    });
    for (const target of [64, 128]) await brief.submit(at(target));
    await sleep(2_200);
    const { chainKey, height } = at(128).attestation.checkpoint;
    assert.equal(await brief.latestHeight(chainKey), height);
    assert.deepEqual((await brief.message(at(128).message))?.attestation, at(128).attestation);
    assert.equal(await brief.message(at(64).message), undefined);
  });
});

async function untilSecond(fits: (second: number) => boolean): Promise<void> {
  while (!fits(Math.floor(Date.now() / 1_000)) || Date.now() % 1_000 > 300) await sleep(20);
}
