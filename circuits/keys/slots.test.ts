// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { Slots } from './slots.ts';

test('no more run at a time than there are slots, in order, also after a failure', async () => {
  const slots = new Slots(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const results = await Promise.allSettled(
    [0, 1, 2, 3, 4].map((index) =>
      slots.run(async () => {
        started.push(index);
        most = Math.max(most, ++running);
        await setImmediate();
        running--;
        if (index === 1) throw new Error('one');
        return index;
      }),
    ),
  );
  assert.equal(most, 2);
  assert.deepEqual(started, [0, 1, 2, 3, 4]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  );
});
