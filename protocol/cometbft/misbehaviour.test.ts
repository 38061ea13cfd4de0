// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { headerConflict, submitMisbehaviour } from './misbehaviour.ts';
import { testBlock } from './testing/generated-chain.ts';
import { refuses } from './testing/refuses.ts';
import { clientAt10, DAY_NS, fresh, message, now, old } from './testing/test-client.ts';
import { updateClient } from './update-client.ts';

const time = (height: bigint): bigint => testBlock({ height, validators: old }).header.timeNs;

describe('two headers as evidence', () => {
  const a = () => message({ height: 12n, validators: old });

  for (const [name, other, conflict] of [
    ['a fork', { height: 12n, fork: 'b' }, 'fork'],
    ['a higher header of the same time', { height: 13n, timeNs: time(12n) }, 'time-not-rising'],
    ['a higher header of an earlier time', { height: 13n, timeNs: time(12n) - 1n }, 'time-not-rising'],
    ['a lower header of a later time', { height: 11n, timeNs: time(12n) + 1n }, 'time-not-rising'],
    ['the same header', { height: 12n }, undefined],
    ['the same header, committed in another round', { height: 12n, round: 1 }, undefined],
    ['a header that follows', { height: 13n }, undefined],
  ] as const) {
    test(`${name}: ${conflict ?? 'no conflict'}`, () => {
      const b = message({ validators: old, ...other });
      assert.equal(headerConflict(a().signedHeader.header, b.signedHeader.header), conflict);
      for (const [first, second] of [
        [a(), b],
        [b, a()],
      ] as const) {
        if (conflict) {
          const result = submitMisbehaviour(clientAt10(), first, second, now);
          assert.deepEqual([result.conflict, result.client.frozen], [conflict, true]);
        } else refuses('NO_CONFLICT', () => submitMisbehaviour(clientAt10(), first, second, now));
      }
    });
  }

  test('is taken from the future, and for a next height whose set is not the named one', () => {
    const validators = [...fresh, ...old];
    const shown = () => message({ height: 11n, validators }, old);
    const other = () => message({ height: 11n, validators, fork: 'b' }, old);
    assert.equal(submitMisbehaviour(clientAt10(), shown(), other(), time(10n)).conflict, 'fork');
    refuses('NEXT_VALIDATORS_HASH', () => updateClient(clientAt10(), shown(), now));
  });

  const fork = { height: 12n, validators: old, fork: 'b' };
  for (const [name, reason, at, bad] of [
    ['a frozen client', 'FROZEN', now, message(fork)],
    ['a trusted state past its period', 'TRUSTED_STATE_EXPIRED', time(10n) + 14n * DAY_NS, message(fork)],
    ['a header that too few signed', 'POWER_INSUFFICIENT', now, { ...message(fork), signers: [0, 1] }],
    ['a set that was not named', 'TRUSTED_VALIDATORS_HASH', now, message({ ...fork, validators: fresh }, fresh)],
    ['a header of strangers', 'TRUSTED_POWER_INSUFFICIENT', now, message({ ...fork, validators: fresh }, old)],
  ] as const) {
    test(`refuses ${name}: ${reason}`, () => {
      const client = { ...clientAt10(), frozen: reason === 'FROZEN' };
      refuses(reason, () => submitMisbehaviour(client, a(), bad, at));
      refuses(reason, () => submitMisbehaviour(client, bad, a(), at));
    });
  }
});
