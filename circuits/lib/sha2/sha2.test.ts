// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { FR } from '../../../protocol/field.ts';
import type { Instance } from '../../compile.ts';
import { inverse } from '../../testing/single-edits.ts';
import type { CircuitInput } from '../../statement-kind.ts';
import { Draw } from '../../testing/draw.ts';
import { CircuitUnderTest } from '../../testing/harness.ts';
import { compress, initialValue, sigma, type WordBits } from '../../testing/sha2-reference.ts';
import { templateInstance } from '../../testing/template-instance.ts';

const draw = new Draw('sha2');
const CASES = 'testing/sha2_cases.circom';
const HASHES = { 32: sha256, 64: sha512 } as const;
const WORD_SIZES = [32, 64] as const;

const bits = (wordBits: WordBits, word: bigint): bigint[] =>
  Array.from({ length: wordBits }, (_, i) => (word >> BigInt(i)) & 1n);
const word = (values: readonly bigint[]): bigint => values.reduce((sum, bit, i) => sum + (bit << BigInt(i)), 0n);
const randomWord = (wordBits: WordBits): bigint => draw.below(1n << BigInt(wordBits));
const randomWords = (wordBits: WordBits, count: number): bigint[] =>
  Array.from({ length: count }, () => randomWord(wordBits));

/** FIPS 180-4, section 5.1. */
function blocksOf(wordBits: WordBits, message: Uint8Array): bigint[][] {
  const bytes = wordBits / 8;
  const block = 16 * bytes;
  const padded = new Uint8Array(block * Math.ceil((message.length + 1 + 2 * bytes) / block));
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setUint32(padded.length - 4, 8 * message.length);
  const words = Array.from({ length: padded.length / bytes }, (_, i) =>
    BigInt(`0x${Buffer.from(padded.subarray(i * bytes, (i + 1) * bytes)).toString('hex')}`),
  );
  return Array.from({ length: words.length / 16 }, (_, i) => words.slice(16 * i, 16 * i + 16));
}

const hexOf = (wordBits: WordBits, words: readonly bigint[]): string =>
  words.map((one) => one.toString(16).padStart(wordBits / 4, '0')).join('');

function blockInput(wordBits: WordBits, start: readonly bigint[], message: readonly bigint[]): CircuitInput {
  return { start: start.map((one) => bits(wordBits, one)), message: message.map((one) => bits(wordBits, one)) };
}

/** The outputs, word by word. */
function wordsOf(wordBits: WordBits, witness: readonly bigint[], count: number): bigint[] {
  return Array.from({ length: count }, (_, j) => word(witness.slice(1 + j * wordBits, 1 + (j + 1) * wordBits)));
}

test('the reference is SHA-2, its constants included', () => {
  for (const wordBits of WORD_SIZES) {
    for (const length of [0, 1, 55, 56, 111, 112, 200, 300]) {
      const message = Uint8Array.from({ length }, () => Number(draw.below(256n)));
      const value = blocksOf(wordBits, message).reduce(
        (now, block) => compress(wordBits, now, block),
        [...initialValue(wordBits)],
      );
      assert.equal(hexOf(wordBits, value), Buffer.from(HASHES[wordBits](message)).toString('hex'));
    }
  }
});

describe('jacobian_full_rank_each_template', () => {
  for (const wordBits of WORD_SIZES) {
    const cases: Readonly<Record<string, [Instance, CircuitInput]>> = {
      'Sha2Sigma, rotations': [
        templateInstance(CASES, 'Sha2BigSigma', [wordBits]),
        { in: bits(wordBits, randomWord(wordBits)) },
      ],
      'Sha2Sigma, with a shift': [
        templateInstance(CASES, 'Sha2SmallSigma', [wordBits]),
        { in: bits(wordBits, randomWord(wordBits)) },
      ],
      Sha2Majority: [
        templateInstance('lib/sha2/sha2_majority.circom', 'Sha2Majority', [wordBits]),
        Object.fromEntries(['a', 'b', 'c'].map((name) => [name, bits(wordBits, randomWord(wordBits))])),
      ],
      Sha2ChoicePair: [
        templateInstance('lib/sha2/sha2_choice_pair.circom', 'Sha2ChoicePair', [wordBits, 1024]),
        Object.fromEntries(['e', 'f', 'g', 'h'].map((name) => [name, bits(wordBits, randomWord(wordBits))])),
      ],
      Sha2Schedule: [
        templateInstance(CASES, 'Sha2ScheduleOfBits', [wordBits]),
        { message: randomWords(wordBits, 16).map((one) => bits(wordBits, one)) },
      ],
      Sha2Block: [
        templateInstance(CASES, 'Sha2AnyBlock', [wordBits]),
        blockInput(wordBits, randomWords(wordBits, 8), randomWords(wordBits, 16)),
      ],
    };
    for (const [name, [instance, input]] of Object.entries(cases)) {
      test(`${name}, words of ${wordBits} bits`, async () => {
        await (await CircuitUnderTest.of(instance)).expectDetermined(input);
      });
    }
  }
});

describe('parts', () => {
  test('Sha2Sigma', async () => {
    for (const wordBits of WORD_SIZES) {
      for (const [template, which] of [
        ['Sha2BigSigma', 'big0'],
        ['Sha2SmallSigma', 'small1'],
      ] as const) {
        const circuit = await CircuitUnderTest.of(templateInstance(CASES, template, [wordBits]));
        assert.equal(circuit.r1cs.constraints, wordBits);
        for (let i = 0; i < 8; i++) {
          const x = randomWord(wordBits);
          const witness = await circuit.expectPass({ in: bits(wordBits, x) });
          assert.equal(word(witness.slice(1, 1 + wordBits)), sigma(wordBits, which, x));
        }
      }
    }
  });
  test('Sha2Majority, Sha2ChoicePair: every case of their bits', async () => {
    const majority = await CircuitUnderTest.of(templateInstance('lib/sha2/sha2_majority.circom', 'Sha2Majority', [32]));
    const pair = await CircuitUnderTest.of(
      templateInstance('lib/sha2/sha2_choice_pair.circom', 'Sha2ChoicePair', [32, 1024]),
    );
    assert.equal(majority.r1cs.constraints, 32);
    assert.equal(pair.r1cs.constraints, 32);
    // Place i holds the bits of i: all 32 cases of five.
    const [a, b, c, d] = [0n, 1n, 2n, 3n].map((k) => Array.from({ length: 32 }, (_, i) => (BigInt(i) >> k) & 1n)) as [
      bigint[],
      bigint[],
      bigint[],
      bigint[],
    ];
    const most = await majority.expectPass({ a, b, c });
    const choices = await pair.expectPass({ e: a, f: b, g: c, h: d });
    for (let i = 0; i < 32; i++) {
      const [w, x, y, z] = [a[i] ?? 0n, b[i] ?? 0n, c[i] ?? 0n, d[i] ?? 0n];
      assert.equal(most[1 + i], w + x + y >= 2n ? 1n : 0n);
      assert.equal(choices[1 + i], (x ? y : z) + 1024n * (w ? x : y));
    }
  });
  test('Sha2Sigma, Sha2Majority: no other output than a bit, and only the right one', () => {
    // The two equations for each number of bits set, solved for x in the field.
    const solve = (factor: bigint, times: bigint, plus: bigint, value: bigint): bigint =>
      ((((value * inverse(factor) - plus) % FR) + FR) * inverse(times)) % FR;
    for (const s of [0n, 1n, 2n, 3n]) {
      assert.equal(solve(2n * s - 3n, 4n, 1n - 2n * s, -3n), s % 2n);
      assert.equal(solve(2n * s - 3n, 8n, -2n * s - 1n, 3n), s / 2n);
    }
  });
});

describe('Sha2Block', () => {
  const PINNED = { 32: 16_454, 64: 41_302 } as const;
  for (const wordBits of WORD_SIZES) {
    test(`words of ${wordBits} bits: random blocks, and the extremes`, async () => {
      const circuit = await CircuitUnderTest.of(templateInstance(CASES, 'Sha2AnyBlock', [wordBits]));
      assert.equal(circuit.r1cs.constraints, PINNED[wordBits]);
      const ones = (1n << BigInt(wordBits)) - 1n;
      const cases: [bigint[], bigint[]][] = [
        [Array<bigint>(8).fill(0n), Array<bigint>(16).fill(0n)],
        [Array<bigint>(8).fill(ones), Array<bigint>(16).fill(ones)],
      ];
      for (let i = 0; i < 6; i++) cases.push([randomWords(wordBits, 8), randomWords(wordBits, 16)]);
      for (const [start, message] of cases) {
        const witness = await circuit.expectPass(blockInput(wordBits, start, message));
        assert.deepEqual(wordsOf(wordBits, witness, 8), compress(wordBits, start, message));
      }
    });
    test(`words of ${wordBits} bits: the messages of FIPS 180-4's examples`, async () => {
      const circuit = await CircuitUnderTest.of(templateInstance(CASES, 'Sha2AnyBlock', [wordBits]));
      const messages =
        wordBits === 32
          ? ['abc', 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '']
          : [
              'abc',
              'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn' +
                'hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
              '',
            ];
      for (const message of messages) {
        let value = initialValue(wordBits);
        for (const block of blocksOf(wordBits, Buffer.from(message))) {
          value = wordsOf(wordBits, await circuit.expectPass(blockInput(wordBits, value, block)), 8);
        }
        assert.equal(
          hexOf(wordBits, value),
          Buffer.from(HASHES[wordBits](Buffer.from(message))).toString('hex'),
          message,
        );
      }
    });
    test(`words of ${wordBits} bits: none, when not enabled`, async () => {
      const circuit = await CircuitUnderTest.of(templateInstance(CASES, 'Sha2BlockOrNone', [wordBits]));
      const [start, message] = [randomWords(wordBits, 8), randomWords(wordBits, 16)];
      for (const enabled of [0n, 1n]) {
        const input = { ...blockInput(wordBits, start, message), enabled };
        const witness = await circuit.expectPass(input);
        assert.deepEqual(wordsOf(wordBits, witness, 8), enabled ? compress(wordBits, start, message) : start);
        await circuit.expectDetermined(input);
      }
    });
  }
  test('other word sizes are not compiled', async () => {
    await assert.rejects(CircuitUnderTest.of(templateInstance(CASES, 'Sha2AnyBlock', [16])), /assert/i);
  });
});
