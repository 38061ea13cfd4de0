// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { FR } from '../protocol/field.ts';
import type { Instance } from './compile.ts';
import { combTable } from './hints/ed25519/comb-table.ts';
import { bitsOfDigits } from './hints/ed25519/digits.ts';
import { limbsOf } from './hints/nonnative/polynomial-ring.ts';
import { modulo } from './hints/prime-field.ts';
import { Draw } from './testing/draw.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { templateInstance } from './testing/template-instance.ts';

/*
 * Parts of Ed25519Batch that select: every choice they have, against the table they choose from.
 */

const draw = new Draw('ed25519 parts');
const caseOf = (template: string, ...parameters: number[]): Instance =>
  templateInstance('testing/ed25519_cases.circom', template, parameters, { flags: ['--O1'] });
const bitsOf = (value: bigint, count: number): bigint[] =>
  Array.from({ length: count }, (_, i) => (value >> BigInt(i)) & 1n);
const odd = (most: number): number[] => Array.from({ length: most + 1 }, (_, i) => 2 * i - most);
const valueAt = (number: bigint, at: bigint): bigint =>
  limbsOf(number, 8).reduceRight((value, limb) => (value * at + limb) % FR, 0n);
const signed = (digit: number, v: bigint): bigint => (digit < 0 ? modulo(-v, FR) : v);

test('SelectMultiple: each of sixteen digits', async () => {
  const circuit = await CircuitUnderTest.of(caseOf('SelectMultipleCase'));
  const u = Array.from({ length: 8 }, () => draw.below(FR));
  const v = Array.from({ length: 8 }, () => draw.below(FR));
  for (const digit of odd(15)) {
    const witness = await circuit.expectPass({ bits: bitsOf(bitsOfDigits([digit], 4), 4), u, v });
    const m = (Math.abs(digit) - 1) / 2;
    assert.deepEqual(witness.slice(1, 4), [modulo(BigInt(digit), FR), u[m], signed(digit, v[m] ?? 0n)]);
  }
});

test('CombWindow: each of sixty-four digits, of the first row and the last', async () => {
  for (const k of [0, 41]) {
    const circuit = await CircuitUnderTest.of(caseOf('CombWindowCase', k));
    for (const digit of odd(63)) {
      const at = draw.below(FR);
      const witness = await circuit.expectPass({ bits: bitsOf(bitsOfDigits([digit], 6), 6), at });
      const point = combTable()[k]?.[(Math.abs(digit) - 1) / 2];
      assert.ok(point);
      const expected = [modulo(BigInt(digit), FR), valueAt(point.u, at), signed(digit, valueAt(point.v, at))];
      assert.deepEqual(witness.slice(1, 4), expected);
    }
  }
});

test('templates that compute hints are those whose wires are shown to be determined', async () => {
  const withHints: string[] = [];
  for (const folder of ['lib/nonnative', 'lib/ed25519']) {
    for (const name of await readdir(path.join(import.meta.dirname, folder))) {
      const text = await readFile(path.join(import.meta.dirname, folder, name), 'utf8');
      for (const [, template = '', body = ''] of text.matchAll(/^template (\w+)([\s\S]*?)^}/gm))
        if (body.includes('<--')) withHints.push(template);
    }
  }
  // By `expectDetermined` in nonnative.test.ts, all but the last two, and in ed25519-encodings.test.ts.
  const determined = [
    'ChallengeBits',
    'ChallengeLimbs',
    'NativeBits',
    'NativeSplit',
    'CanonicalSign',
    'ScalarBelowOrder',
  ];
  assert.deepEqual(withHints.sort(), determined.sort());
});
