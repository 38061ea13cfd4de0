// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keccak256, concat, pad, toHex } from 'viem';
import { InvalidFieldError } from './errors.ts';
import { FR, toFr } from './field.ts';
import { evaluateWords, slotBytes, slotChallenge, slotWords, SLOT_BYTES, type SignedSlot } from './signature-slots.ts';

const key = `0x${'a1'.repeat(31)}ff` as const;
const ofLength = (length: number): SignedSlot => ({ key, message: `0x${'c3'.repeat(length)}` });

test('a slot is length, key, message and zeros, at every length', () => {
  for (let length = 0; length <= 175; length++) {
    const hex = Buffer.from(slotBytes(ofLength(length))).toString('hex');
    const expected = length.toString(16).padStart(2, '0') + key.slice(2) + 'c3'.repeat(length);
    assert.equal(hex, expected.padEnd(2 * SLOT_BYTES, '0'));
    const words = slotWords([ofLength(length)]);
    assert.equal(words.map((word) => word.toString(16).padStart(62, '0')).join(''), hex);
  }
});

test('a longer message, or a key of another length, has no slot', () => {
  assert.throws(() => slotBytes(ofLength(176)), new InvalidFieldError('message', 'at most 175 bytes'));
  for (const length of [31, 33]) {
    assert.throws(() => slotBytes({ key: `0x${'00'.repeat(length)}`, message: '0x' }), /key: expected 32 bytes/);
  }
});

test('challenge: keccak256 over digest and slots as Solidity packs them, reduced', () => {
  const slots = [ofLength(3), ofLength(175)];
  const digest = toFr(FR - 5n, 'digest');
  const packed = concat([pad(toHex(digest)), ...slots.map((slot) => toHex(slotBytes(slot)))]);
  assert.equal(slotChallenge(digest, slots), BigInt(keccak256(packed)) % FR);
});

test('evaluation: the first word stands alone, the last at the highest power', () => {
  const [words, x] = [[5n, 7n, FR - 1n].map((word) => toFr(word, 'word')), toFr(FR - 2n, 'x')];
  assert.equal(evaluateWords(words, x), (5n + 7n * x + (FR - 1n) * x * x) % FR);
  assert.equal(evaluateWords([], x), 0n);
});
