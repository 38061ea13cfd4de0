// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CircuitInput } from '../../statement-kind.ts';
import { Draw } from '../../testing/draw.ts';
import type { CircuitUnderTest } from '../../testing/harness.ts';
import { withMutant, type Change } from '../../testing/mutant.ts';
import { roundConstants, sigma } from '../../testing/sha2-reference.ts';
import { templateInstance } from '../../testing/template-instance.ts';

/*
 * A lie in each kind of hint of a block, told so that all that follows fits: refused by the constraints as they are,
 * and another hash where the guard is left out. On blocks of 20 rounds, which have every kind.
 */

const WORD_BITS = 32;
const BLOCK = 'lib/sha2/sha2_block.circom';
const SCHEDULE = 'lib/sha2/sha2_schedule.circom';
const SIGMA = 'lib/sha2/sha2_sigma.circom';
const MAJORITY = 'lib/sha2/sha2_majority.circom';

const instance = templateInstance('testing/sha2_cases.circom', 'Sha2AnyBlock', [WORD_BITS]);
const short: Change = {
  file: 'lib/sha2/sha2_constants.circom',
  from: 'return wordBits == 64 ? 80 : 64;',
  to: 'return wordBits == 64 ? 80 : 20;',
};
const draw = new Draw('sha2 attacks');
const words = (count: number): bigint[][] =>
  Array.from({ length: count }, () => Array.from({ length: WORD_BITS }, () => draw.below(2n)));
const [start, message] = [words(8), words(16)];
const input: CircuitInput = { start, message };
const endOf = async (circuit: CircuitUnderTest): Promise<bigint[]> =>
  (await circuit.expectPass(input)).slice(1, 1 + 8 * WORD_BITS);

interface Attack {
  readonly lies: readonly Change[];
  readonly guard: Change;
}

/** Words of the first rounds, honestly: the message's, and a and e as the template numbers them. */
const trace = ((): { readonly w: bigint[]; readonly a: bigint[]; readonly e: bigint[] } => {
  const value = (bits: readonly bigint[]): bigint => bits.reduce((sum, bit, i) => sum + (bit << BigInt(i)), 0n);
  const word = (sum: bigint): bigint => BigInt.asUintN(WORD_BITS, sum);
  const at = (list: readonly bigint[], i: number): bigint => list[i] ?? 0n;
  const w = message.map(value);
  const small = (t: number): bigint => sigma(32, 'small1', at(w, t - 2)) + sigma(32, 'small0', at(w, t - 15));
  for (let t = 16; t < 20; t++) w.push(word(small(t) + at(w, t - 7) + at(w, t - 16)));
  const a = start.slice(0, 4).map(value).reverse();
  const e = start.slice(4).map(value).reverse();
  const constants = roundConstants(32);
  for (let t = 0; t < 18; t++) {
    const [f, g] = [at(e, t + 3) & at(e, t + 2), word(~at(e, t + 3)) & at(e, t + 1)];
    const t1 = at(e, t) + sigma(32, 'big1', at(e, t + 3)) + (f ^ g) + at(constants, t) + at(w, t);
    const [x, y, z] = [at(a, t + 3), at(a, t + 2), at(a, t + 1)];
    e.push(word(t1 + at(a, t)));
    a.push(word(t1 + sigma(32, 'big0', x) + ((x & y) ^ (x & z) ^ (y & z))));
  }
  return { w, a, e };
})();

/**
 * Where a word's 0 and the 1 above it can pass for a 2 and a 0: the word is the same, and no three bits that are added
 * come to more than three.
 * @param rotations of the sigma that reads it
 * @param beside the two words that a majority adds to it, round by round
 */
function place(
  word: bigint,
  rotations: readonly number[],
  beside: readonly (readonly [bigint, bigint])[] = [],
): number {
  const bit = (of: bigint, i: number): number => Number((of >> BigInt(i)) & 1n);
  for (let i = 0; i < WORD_BITS - 1; i++) {
    if (bit(word, i) !== 0 || bit(word, i + 1) !== 1) continue;
    const other = (at: number): number => (at === i ? 2 : at === i + 1 ? 0 : bit(word, at));
    const read = (j: number): number => rotations.reduce((sum, r) => sum + other((j + r) % WORD_BITS), 0);
    const small = Array.from({ length: WORD_BITS }, (_, j) => read(j)).every((sum) => sum <= 3);
    if (small && beside.every(([x, y]) => bit(x, i) + bit(y, i) <= 1)) return i;
  }
  throw new RangeError('no place for a bit of 2');
}
/** A hint that has them there. */
const two = (hint: string, when: string, i: number): string =>
  hint.replace(
    /<-- (.*);/,
    (_, value: string) => `<-- ${when} && i == ${i} ? 2 : (${when} && i == ${i + 1} ? 0 : ${value});`,
  );

const scheduleBit = 'words[t][i] <-- (sum >> i) & 1;';
const eBit = 'e[k + 4][i] <-- (total >> i) & 1;';
const aBit = 'a[k + 4][i] <-- (positive >> i) & 1;';
const endBit = 'end[j][i] <-- (sum >> i) & 1;';
const change = (file: string, from: string, to: string): Change => ({ file, from, to });
const flipped = (file: string, hint: string, when: string): Change =>
  change(
    file,
    hint,
    hint.replace(/<-- (.*);/, (_, value: string) => `<-- (${when}) && i == 0 ? 1 - (${value}) : ${value};`),
  );

/** What a[10] is added to in the first of its three majorities; the words of the others depend on the lie. */
const beside = [[trace.a[9] ?? 0n, trace.a[8] ?? 0n]] as const;

const attacks: Readonly<Record<string, Attack>> = {
  'sigma: an output': {
    lies: [change(SIGMA, 'out[i] <-- s & 1;', 'out[i] <-- i == 5 ? 1 - (s & 1) : s & 1;')],
    guard: change(SIGMA, '(2 * s - 3) * (4 * out[i] - 2 * s + 1) === -3;', ''),
  },
  'majority: an output': {
    lies: [change(MAJORITY, 'out[i] <-- s >> 1;', 'out[i] <-- i == 5 ? 1 - (s >> 1) : s >> 1;')],
    guard: change(MAJORITY, '(2 * s - 3) * (8 * out[i] - 2 * s - 1) === 3;', ''),
  },
  'schedule: a word': {
    lies: [flipped(SCHEDULE, scheduleBit, 't == 16')],
    guard: change(SCHEDULE, 'high * (high - 1) === 0;', ''),
  },
  'schedule: bits that are none': {
    lies: [change(SCHEDULE, scheduleBit, two(scheduleBit, 't == 16', place(trace.w[16] ?? 0n, [17, 19, 10])))],
    guard: change(SCHEDULE, 'words[t][i] * (words[t][i] - 1) === 0;', ''),
  },
  'schedule: a carry': {
    lies: [
      flipped(SCHEDULE, scheduleBit, 't == 16'),
      change(SCHEDULE, 'carry[t] <-- (sum >> wordBits) & 1;', 'carry[t] <-- (sum - value[t]) / (1 << wordBits);'),
    ],
    guard: change(SCHEDULE, 'carry[t] * (carry[t] - 1) === 0;', ''),
  },
  'e: a word': {
    lies: [flipped(BLOCK, eBit, 'k == 6')],
    guard: change(BLOCK, 'last * (last - 1) === 0;', ''),
  },
  'e: bits that are none': {
    lies: [
      change(BLOCK, eBit, two(eBit, 'k == 7', place(trace.e[11] ?? 0n, [6, 11, 25]))),
      // The pair takes bits for their own squares.
      change(
        BLOCK,
        'var total = sum + choice;',
        `if (k % 2 == 0) {
            for (var i = 0; i < wordBits; i++) { choice += e[k + 1][i] * (e[k + 1][i] - 1) / 2 * (1 << i); }
        }
        var total = sum + choice;`,
      ),
    ],
    guard: change(BLOCK, 'e[k + 4][i] * (e[k + 4][i] - 1) === 0;', ''),
  },
  'e: a carry': {
    lies: [
      flipped(BLOCK, eBit, 'k == 6'),
      change(
        BLOCK,
        'carryE[k][i] <-- (total >> (wordBits + i)) & 1;',
        `carryE[k][i] <-- ((total >> (wordBits + i)) & 1)
            + (k == 6 && i == 0 ? ((total & 1) - e[k + 4][0]) / (1 << wordBits) : 0);`,
      ),
    ],
    guard: change(BLOCK, 'carryE[k][i] * (carryE[k][i] - 1) === 0;', ''),
  },
  'e: two rounds whose errors meet, were they not kept apart': {
    lies: [change(BLOCK, 'var total = sum + choice;', 'var total = sum + choice + (k == 6 ? -8 : (k == 7 ? 1 : 0));')],
    guard: change(BLOCK, 'var scale = 1 << (wordBits + 16);', 'var scale = 8;'),
  },
  'a: a word': {
    lies: [flipped(BLOCK, aBit, 'k == 6')],
    guard: change(BLOCK, 'high * (high - 1) === 0;', ''),
  },
  'a: bits that are none': {
    lies: [change(BLOCK, aBit, two(aBit, 'k == 6', place(trace.a[10] ?? 0n, [2, 13, 22], beside)))],
    guard: change(BLOCK, 'a[k + 4][i] * (a[k + 4][i] - 1) === 0;', ''),
  },
  'a: a carry': {
    lies: [
      flipped(BLOCK, aBit, 'k == 6'),
      change(
        BLOCK,
        'carryA[k] <-- (positive >> wordBits) & 1;',
        'carryA[k] <-- (positive - aValue[k + 4]) / (1 << wordBits);',
      ),
    ],
    guard: change(BLOCK, 'carryA[k] * (carryA[k] - 1) === 0;', ''),
  },
  'end: a word': {
    lies: [flipped(BLOCK, endBit, 'j == 2')],
    guard: change(BLOCK, 'carry * (carry - 1) === 0;', ''),
  },
  'end: bits that are none': {
    lies: [
      change(BLOCK, endBit, endBit.replace(/<-- (.*);/, '<-- ($1) + (j == 2 ? (i == 0 ? 2 : (i == 1 ? -1 : 0)) : 0);')),
    ],
    guard: change(BLOCK, 'end[j][i] * (end[j][i] - 1) === 0;', ''),
  },
  'end: a carry of the first word': {
    lies: [
      flipped(BLOCK, endBit, 'j == 0'),
      change(
        BLOCK,
        'carryEnd[i] <-- (sum >> (wordBits + i)) & 1;',
        `carryEnd[i] <-- ((sum >> (wordBits + i)) & 1)
            + (i == 0 ? ((sum & 1) - end[0][0]) / (1 << wordBits) : 0);`,
      ),
    ],
    guard: change(BLOCK, 'carryEnd[i] * (carryEnd[i] - 1) === 0;', ''),
  },
};

describe('a block whose hints lie', () => {
  let honest: Promise<bigint[]> | undefined;
  const honestEnd = (): Promise<bigint[]> => {
    honest ??= (async () => {
      let end: bigint[] = [];
      await withMutant(instance, [short], async (circuit) => void (end = await endOf(circuit)));
      return end;
    })();
    return honest;
  };
  for (const [name, { lies, guard }] of Object.entries(attacks)) {
    test(name, async () => {
      await withMutant(instance, [short, ...lies], async (liar) => assert.equal(await liar.accepts(input), false));
      await withMutant(instance, [short, ...lies, guard], async (unguarded) => {
        assert.notDeepEqual(await endOf(unguarded), await honestEnd());
      });
    });
  }
});
