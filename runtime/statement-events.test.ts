// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Redis } from 'ioredis';
import { StatementEvents } from './statement-events.ts';
import type { StatementEvent } from './statement-record.ts';
import { StatementStore } from './statement-store.ts';
import { proved, statement, StoreUnderTest } from './testing/store-under-test.ts';

let under: StoreUnderTest;
let redis: Redis;
let store: StatementStore;

before(async () => {
  under = await StoreUnderTest.open();
  ({ redis, store } = under);
});
beforeEach(async () => {
  await redis.flushall();
});
after(() => under.close());

test('the event stream is bounded and its last entry is the end', async () => {
  const { id } = statement(1);
  await store.create(statement(1));
  const attempt = await under.begin(id);
  for (let i = 0; i < 400; i++) await store.progress(id, attempt, 'prove', i / 400);
  await store.finish(id, proved());
  const events = await store.events(id);
  assert.equal(events.length, 256);
  assert.equal(events.at(-1)?.state, 'proved');
});

test('a follower sees every event in order, live, and ends with the statement', async () => {
  const { id } = statement(1);
  await store.create(statement(1));
  const events = await StatementEvents.open(redis, store);
  const seen: StatementEvent[] = [];
  const following = (async () => {
    for await (const event of events.follow(id, undefined, new AbortController().signal)) seen.push(event);
  })();
  const startedAt = Date.now();
  const attempt = await under.begin(id);
  await store.progress(id, attempt, 'witness', 0);
  await store.progress(id, attempt, 'prove', 0.5);
  await store.finish(id, proved());
  await following;
  assert.ok(Date.now() - startedAt < 1_500, 'by notice, not by waiting');
  assert.deepEqual(
    seen.map(({ state, phase }) => phase ?? state),
    ['queued', 'proving', 'witness', 'prove', 'proved'],
  );
  const resumed: StatementEvent[] = [];
  for await (const event of events.follow(id, seen[2]?.eventId, new AbortController().signal)) resumed.push(event);
  assert.deepEqual(resumed, seen.slice(3));
  await events.close();
});

test('a follower sees the end also when it comes between its two reads', async () => {
  const { id } = statement(1);
  await store.create(statement(1));
  await under.begin(id);
  let ended = false;
  class Racing extends StatementStore {
    override async events(...query: Parameters<StatementStore['events']>): Promise<StatementEvent[]> {
      const found = await super.events(...query);
      if (found.length === 0 && !ended) {
        ended = true;
        await store.finish(id, proved());
      }
      return found;
    }
  }
  const racing = new Racing(redis);
  const events = await StatementEvents.open(redis, racing);
  const seen: string[] = [];
  for await (const { state } of events.follow(id, undefined, new AbortController().signal)) seen.push(state);
  assert.deepEqual(seen, ['queued', 'proving', 'proved']);
  await events.close();
  await racing.close();
});
