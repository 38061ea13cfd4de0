// SPDX-License-Identifier: GPL-3.0-or-later
import { FR } from '../../../protocol/field.ts';
import { poseidonSponge } from '../sponge.ts';

/** Bits of a word (lib/nonnative/limb_element.circom). */
const WORD_BITS = 253;
const CHALLENGE_BITS = 120n;

/** A number and how many of its bits are absorbed. */
export interface SizedNumber {
  readonly value: bigint;
  readonly bits: number;
}

/** lib/nonnative/packed_bits.circom. */
function packBits(parts: readonly SizedNumber[]): bigint[] {
  const words: bigint[] = [];
  let word = 0n;
  let filled = 0;
  for (const { value, bits } of parts) {
    for (let from = 0; from < bits;) {
      const taken = Math.min(WORD_BITS - filled, bits - from);
      word |= ((value >> BigInt(from)) & ((1n << BigInt(taken)) - 1n)) << BigInt(filled);
      from += taken;
      filled += taken;
      if (filled === WORD_BITS) {
        words.push(word);
        word = 0n;
        filled = 0;
      }
    }
  }
  if (filled > 0) words.push(word);
  return words;
}

/** lib/nonnative/packed_elements.circom, for elements of `bits` bits. */
function packElements(elements: readonly bigint[], bits: number): bigint[] {
  const whole = Math.floor(bits / WORD_BITS);
  const rest = bits % WORD_BITS;
  const wordMask = (1n << BigInt(WORD_BITS)) - 1n;
  const words = elements.flatMap((element) =>
    Array.from({ length: whole }, (_, j) => (element >> BigInt(WORD_BITS * j)) & wordMask),
  );
  if (rest === 0) return words;
  const perWord = Math.floor(WORD_BITS / rest);
  for (let at = 0; at < elements.length; at += perWord) {
    const rests = elements.slice(at, at + perWord).map((element) => element >> BigInt(WORD_BITS * whole));
    words.push(rests.reduce((word, one, i) => word | (one << BigInt(rest * i)), 0n));
  }
  return words;
}

const low = (lane: bigint, bits: bigint): bigint => lane & ((1n << bits) - 1n);

/** Two numbers of 120 bits a lane. */
function challenges(lanes: readonly bigint[], count: number): bigint[] {
  return Array.from({ length: count }, (_, i) =>
    low((lanes[i >> 1] ?? 0n) >> (i % 2 ? CHALLENGE_BITS : 0n), CHALLENGE_BITS),
  );
}

/**
 * lib/nonnative/transcript.circom, stage after stage: each takes what the circuit absorbs there, and gives what is
 * drawn.
 * The order of calls is the order of stages.
 */
export class NonnativeTranscript {
  #state = 0n;
  #stage = 0n;
  /** the challenges last drawn, as they were read: the next stage absorbs them first */
  #read: readonly SizedNumber[] = [];

  constructor(private readonly tag: bigint) {}

  /** @returns as many weights of 120 bits */
  statement(first: readonly SizedNumber[], scalars: readonly bigint[], scalarBits: number, weights: number): bigint[] {
    const lanes = this.#absorb([...packBits(first), ...packElements(scalars, scalarBits)], (weights + 1) >> 1);
    const drawn = challenges(lanes, weights);
    this.#read = drawn.map((value) => ({ value, bits: 120 }));
    return drawn;
  }

  /** @returns the offset's 240 bits */
  answer(second: readonly SizedNumber[]): bigint {
    const [lane = 0n] = this.#absorb(packBits([...this.#read, ...second]), 1);
    const drawn = low(lane, 240n);
    this.#read = [{ value: drawn, bits: 240 }];
    return drawn;
  }

  /** @returns as many multipliers of 120 bits */
  hints(
    third: readonly SizedNumber[],
    elements: readonly bigint[],
    elementBits: number,
    multipliers: number,
  ): bigint[] {
    const words = [...packBits([...this.#read, ...third]), ...packElements(elements, elementBits)];
    const lanes = this.#absorb(words, (multipliers + 1) >> 1);
    return challenges(lanes, multipliers);
  }

  /** @returns the point */
  combined(coefficients: readonly bigint[]): bigint {
    this.#absorb(
      coefficients.map((coefficient) => ((coefficient % FR) + FR) % FR),
      0,
    );
    return this.#state;
  }

  #absorb(words: readonly bigint[], lanes: number): bigint[] {
    const absorbed = this.#stage === 0n ? words : [this.#state, ...words];
    const [state = 0n, ...out] = poseidonSponge(this.tag + this.#stage, absorbed, 1 + lanes);
    this.#state = state;
    this.#stage++;
    return out;
  }
}
