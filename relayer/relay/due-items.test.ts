// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Deferrals } from '../lib/deferrals.ts';
import { dueItems } from './due-items.ts';
import type { RelayItem } from './relay-item.ts';

const BACKLOG = ['vote-3', 'vote-2', 'vote-1', 'checkpoint', 'header'];

function setUp() {
  const clock = { now: 1_000 };
  const deferrals = new Deferrals(() => clock.now);
  /** The first of them that are due, as a round has time for. */
  const round = async (most = BACKLOG.length, fails: (id: string) => boolean = () => false): Promise<string[]> => {
    const seen: string[] = [];
    for await (const { id } of dueItems(backlog(), deferrals)) {
      seen.push(id);
      if (fails(id)) deferrals.defer(id);
      clock.now += 1;
      if (seen.length === most) break;
    }
    return seen;
  };
  return { clock, deferrals, round };
}

async function* backlog(): AsyncGenerator<RelayItem> {
  for (const id of BACKLOG) yield { id, sequence: 1, urgent: id.startsWith('vote'), lane: id };
}

const isVote = (id: string): boolean => id.startsWith('vote');

test('what failed comes after what did not, also when all of it is due', async () => {
  const { clock, round } = setUp();
  assert.deepEqual(await round(3, isVote), BACKLOG.slice(0, 3));
  assert.deepEqual(await round(), ['checkpoint', 'header']);
  clock.now += 60_000;
  assert.deepEqual(await round(2), ['checkpoint', 'header']);
  assert.deepEqual(await round(), ['checkpoint', 'header', 'vote-3', 'vote-2', 'vote-1']);
});

test('what a change makes due comes after what did not fail, and again at first’s pace', async () => {
  const { deferrals, round } = setUp();
  await round(3, isVote);
  deferrals.makeDue();
  assert.deepEqual(await round(), ['checkpoint', 'header', 'vote-3', 'vote-2', 'vote-1']);
  assert.equal(deferrals.defer('vote-1'), 2_000);
  assert.equal(deferrals.defer('vote-1'), 4_000);
});

test('of what fails each has its turn, however little a round has time for', async () => {
  const { clock, round } = setUp();
  await round(BACKLOG.length, () => true);
  const turns: string[] = [];
  for (const _ of BACKLOG) {
    clock.now += 60_000;
    turns.push(...(await round(1, () => true)));
  }
  assert.deepEqual(turns, BACKLOG);
});
