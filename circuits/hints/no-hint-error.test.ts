// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidFieldError } from '../../protocol/errors.ts';
import { BASE_POINT, chord, negate, tangent } from './ed25519/curve25519.ts';
import { oddDigits } from './ed25519/digits.ts';
import { whereHintsExist } from './no-hint-error.ts';

const wrapped = (make: () => unknown): unknown => whereHintsExist('signatures', 'a batch that has a proof', make);

for (const [name, make] of [
  ['a chord through one point twice', () => chord(BASE_POINT, BASE_POINT)],
  ['a chord through opposite points', () => chord(BASE_POINT, negate(BASE_POINT))],
  ['a tangent at the point of order 2', () => tangent({ u: 0n, v: 0n })],
  ['odd digits of a number beyond them', () => oddDigits((1n << 252n) + 1n, 4, 63)],
] as const) {
  test(`${name} is refused as an input that never has a proof`, () => {
    assert.throws(
      () => wrapped(make),
      (error) => error instanceof InvalidFieldError && error.field === 'signatures' && !error.retryable,
    );
  });
}

test('any other error stays what it is, and what there is comes back', () => {
  const error = new RangeError('a mistake of ours');
  assert.throws(
    () =>
      wrapped(() => {
        throw error;
      }),
    error,
  );
  assert.equal(
    wrapped(() => 5),
    5,
  );
});
