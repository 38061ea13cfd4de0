// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialFees, replacementFees } from './fees.ts';

test('new transactions leave room for a rising base fee, within the cap', () => {
  assert.deepEqual(initialFees(100n, 3n, 1_000n), { maxFeePerGas: 203n, maxPriorityFeePerGas: 3n });
  assert.deepEqual(initialFees(100n, 3n, 150n), { maxFeePerGas: 150n, maxPriorityFeePerGas: 3n });
  assert.deepEqual(initialFees(100n, 300n, 150n), { maxFeePerGas: 150n, maxPriorityFeePerGas: 150n });
  assert.deepEqual(initialFees(150n, 1n, 150n), { maxFeePerGas: 150n, maxPriorityFeePerGas: 1n });
  assert.equal(initialFees(151n, 1n, 150n), undefined);
});

test('a replacement raises both fees by at least an eighth, rounded up, and never beyond the cap', () => {
  const old = { maxFeePerGas: 1_001n, maxPriorityFeePerGas: 1n };
  assert.deepEqual(replacementFees(old, undefined, 2_000n), { maxFeePerGas: 1_127n, maxPriorityFeePerGas: 2n });
  assert.deepEqual(replacementFees(old, undefined, 1_127n), { maxFeePerGas: 1_127n, maxPriorityFeePerGas: 2n });
  assert.equal(replacementFees(old, undefined, 1_126n), undefined);
  const market = { maxFeePerGas: 5_000n, maxPriorityFeePerGas: 70n };
  assert.deepEqual(replacementFees(old, market, 9_000n), market);
});

test('a replacement of a zero priority fee pays one', () => {
  assert.equal(
    replacementFees({ maxFeePerGas: 8n, maxPriorityFeePerGas: 0n }, undefined, 100n)?.maxPriorityFeePerGas,
    1n,
  );
});
