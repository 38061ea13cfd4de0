// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes, fromBytesBE, toBytesBE, toHex } from '../protocol/bytes.ts';
import { FR, toFr } from '../protocol/field.ts';
import {
  evaluateWords,
  slotChallenge,
  slotWords,
  speaksOfSlots,
  type SignedSlot,
} from '../protocol/signature-slots.ts';
import { poseidonSponge } from './hints/sponge.ts';
import { Draw } from './testing/draw.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { templateInstance } from './testing/template-instance.ts';

/*
 * Data passed by evaluation: what a verifier may leave out of its checks, each shown by the claim that it then believes
 * though nothing of the sort was proved.
 */

const TAG = 7n;
const CAPACITY = 2;
const draw = new Draw('evaluated data');
const randomHex = (length: number): `0x${string}` => toHex(Uint8Array.from({ length }, () => Number(draw.below(256n))));
const slot = (messageLength: number): SignedSlot => ({ key: randomHex(32), message: randomHex(messageLength) });

/** What a verifier reads: three public signals, and words of its own. */
interface Claim {
  readonly signals: readonly bigint[];
  readonly words: readonly bigint[];
}

type Check = 'word below r' | 'number of words' | 'digest in the keccak' | 'signals below r';

function challengeOf(digest: bigint, words: readonly bigint[], without?: Check): bigint {
  const wordBytes = without === 'word below r' ? 32 : 31;
  const bytes = words.map((word) => toBytesBE(word, wordBytes, 'word'));
  if (without !== 'digest in the keccak') bytes.unshift(toBytesBE(digest, 32, 'digest'));
  return fromBytesBE(keccak_256(concatBytes(...bytes))) % FR;
}

const evaluation = (words: readonly bigint[], at: bigint): bigint =>
  words.reduceRight((sum, word) => (sum * at + word) % FR, 0n);

/** A verifier of this claim that lacks a check, or none. */
function accepts({ signals, words }: Claim, without?: Check): boolean {
  const [digest = -1n, challenge = -1n, sum = -1n] = signals;
  if (without !== 'word below r' && words.some((word) => word >= 1n << 248n)) return false;
  if (without !== 'number of words' && words.length !== 7 * CAPACITY) return false;
  if (without !== 'signals below r' && signals.some((signal) => signal >= FR)) return false;
  const rho = challengeOf(digest, words, without);
  return challenge % FR === rho && sum % FR === evaluation(words, rho);
}

let circuit: CircuitUnderTest;
before(async () => {
  circuit = await CircuitUnderTest.of(templateInstance('lib/evaluated_data.circom', 'EvaluatedData', [7 * CAPACITY]));
});

/** Whether there is a proof: the circuit gives these signals, which a proof only fixes modulo r. */
async function proves(words: readonly bigint[], signals: readonly bigint[]): Promise<boolean> {
  const [digest = -1n, challenge = -1n, sum = -1n] = signals.map((signal) => signal % FR);
  const [, ...outputs] = await circuit.expectPass({ tag: TAG, words, challenge });
  return outputs[0] === digest && outputs[1] === sum;
}

const digestOf = (words: readonly bigint[]): bigint => poseidonSponge(TAG, words, 1)[0] ?? -1n;

/** What an honest prover publishes of these words. */
function honest(words: readonly bigint[]): Claim {
  const digest = digestOf(words);
  const challenge = challengeOf(digest, words);
  return { signals: [digest, challenge, evaluation(words, challenge)], words };
}

test('template, TypeScript and the reference agree', async () => {
  const slots = [slot(109), slot(175)];
  const words = slotWords(slots);
  const { signals } = honest(words);
  assert.equal(await proves(words, signals), true);
  const [digest = 0n] = signals;
  const challenge = slotChallenge(toFr(digest, 'digest'), slots);
  assert.deepEqual(signals, [digest, challenge, evaluateWords(words, challenge)]);
  assert.equal(speaksOfSlots(signals, slots, CAPACITY), true);
  assert.equal(circuit.r1cs.constraints, 619);
});

describe('a verifier without one of its checks believes what was not proved', () => {
  const slots = [slot(100), slot(110)];
  const words: readonly bigint[] = slotWords(slots);
  /** The prover has `proved`; the verifier takes its own words for them, unless it makes the check. */
  const forged = async (check: Check, proved: readonly bigint[], claim: Claim): Promise<void> => {
    assert.equal(await proves(proved, claim.signals), true, 'there is a proof');
    assert.equal(accepts(claim, check), true, 'believed without the check');
    assert.equal(accepts(claim), false, 'refused with it');
  };

  test('data-alias-plus-r: a word and that word plus r have one sum', async () => {
    const alias = words.with(3, (words[3] ?? 0n) + FR);
    const digest = digestOf(words);
    const challenge = challengeOf(digest, alias, 'word below r');
    await forged('word below r', words, { signals: [digest, challenge, evaluation(words, challenge)], words: alias });
  });
  test('data-trailing-zero: a list and the same with zeros after it have one sum', async () => {
    const padded = [...words, 0n, 0n];
    const digest = digestOf(words);
    const challenge = challengeOf(digest, padded);
    await forged('number of words', words, {
      signals: [digest, challenge, evaluation(words, challenge)],
      words: padded,
    });
  });
  test('data-h-not-in-challenge: words chosen after the challenge', async () => {
    // The verifier's words are anything; the prover's differ in two places so that the sum is the same.
    const challenge = challengeOf(0n, words, 'digest in the keccak');
    const proved = words.with(0, ((words[0] ?? 0n) + challenge) % FR).with(1, ((words[1] ?? 0n) + FR - 1n) % FR);
    const signals = [digestOf(proved), challenge, evaluation(words, challenge)];
    await forged('digest in the keccak', proved, { signals, words });
  });
  test('public-signal-alias: one proof under two names', async () => {
    const digest = digestOf(words) + FR;
    const challenge = challengeOf(digest, words);
    const signals = [digest, challenge, evaluation(words, challenge)];
    await forged('signals below r', words, { signals, words });
    assert.equal(speaksOfSlots(signals, slots, CAPACITY), false);
    const real = honest(words).signals;
    for (const place of [0, 1, 2]) {
      assert.equal(speaksOfSlots(real.with(place, (real[place] ?? 0n) + FR), slots, CAPACITY), false);
      assert.equal(speaksOfSlots(real.with(place, (real[place] ?? 0n) - FR), slots, CAPACITY), false);
    }
  });
});

test('speaksOfSlots: only of these slots, in this order, and of all of them', () => {
  const slots = [slot(0), slot(175)];
  const { signals } = honest(slotWords(slots));
  assert.equal(speaksOfSlots(signals, slots, CAPACITY), true);
  const [first, second] = slots as [SignedSlot, SignedSlot];
  assert.equal(speaksOfSlots(signals, [second, first], CAPACITY), false);
  assert.equal(speaksOfSlots(signals, [first], CAPACITY), false);
  assert.equal(speaksOfSlots(signals, [first], 1), false);
  assert.equal(speaksOfSlots(signals, [...slots, first], CAPACITY), false);
  assert.equal(speaksOfSlots(signals, [{ ...first, message: '0x00' }, second], CAPACITY), false);
  assert.equal(speaksOfSlots(signals.slice(0, 2), slots, CAPACITY), false);
  for (const place of [0, 1, 2]) {
    const wrong = signals.with(place, ((signals[place] ?? 0n) + 1n) % FR);
    assert.equal(speaksOfSlots(wrong, slots, CAPACITY), false);
  }
});
