// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SUBGROUP_ORDER } from '../protocol/eddsa.ts';
import { FR, toFr } from '../protocol/field.ts';
import type { CircuitInput } from './statement-kind.ts';
import { modOrder, refProduct, refTranscript } from './testing/batch-reference.ts';
import { fr } from './testing/fixtures.ts';
import { expectGuarded } from './testing/forgery.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { lowDigits, modP } from './testing/montgomery.ts';
import { withMutant, type Change } from './testing/mutant.ts';
import { templateInstance } from './testing/template-instance.ts';

/*
 * What a prover may try against the parts of EddsaPoseidonBatch that compute with integers and with the transcript.
 * Each forgery succeeds against a mutant that lacks its guard, and is refused by the circuit as it is.
 */

describe('ChallengeProduct', () => {
  const file = 'lib/challenge_product.circom';
  const instance = templateInstance(file, 'ChallengeProduct');
  const [h, z] = [fr('challenge'), (1n << 119n) + 4321n];
  const inputOf = (challenge: bigint, e: bigint): CircuitInput => ({
    h: challenge,
    z,
    e: modP(e),
    eLow: modP(lowDigits(e, 126, 65, true)),
  });
  const right = refProduct(z, h);
  const inRange = (e: bigint): boolean => e % 2n !== 0n && e < 1n << 251n && e > -(1n << 251n);
  const unbounded = (signal: string): Change => ({ file, from: `RangeCheck${signal};`, to: '' });
  const cBound = unbounded('(121)(c + (1 << 120))');
  const qBound = unbounded('(123)(q + (1 << 122))');

  test('e_second_encoding_same_verdict: every odd e of the residue within 2^251, and no other', async () => {
    const circuit = await CircuitUnderTest.of(instance);
    for (const e of [right, right + 2n * SUBGROUP_ORDER, right - 2n * SUBGROUP_ORDER].filter(inRange)) {
      assert.equal(await circuit.accepts(inputOf(h, e)), true);
    }
    for (const e of [right + 2n, right - 2n, -right, 1n]) assert.equal(await circuit.accepts(inputOf(h, e)), false);
  });
  test('q_c_out_of_range: an e that is right modulo p alone', async () => {
    // z h - q l - e = k p with k not 0, q small: [2] and [3] have nothing against it.
    const wrong = Array.from({ length: 19 }, (_, i) => BigInt(i) - 9n)
      .filter((k) => k !== 0n)
      .flatMap((k) => [0n, 1n, -1n].map((t) => modOrder(z * h - k * FR) + t * SUBGROUP_ORDER))
      .find((e) => inRange(e) && modOrder(e) !== modOrder(right));
    assert.ok(wrong !== undefined);
    await expectGuarded(instance, [cBound], inputOf(h, wrong));
  });
  test('q_c_out_of_range: any e, were neither quotient bounded', async () => {
    await expectGuarded(instance, [cBound, qBound], inputOf(h, 12345n));
  });
  test('h_alias_malicious_hints: h + p in place of h', async () => {
    // h + p has 254 bits; MirroredBits has 253. The lie: bits of h + p, in a decomposition wide enough for them.
    const low = toFr(h >> 6n, 'h');
    const e = modOrder(z * (low + FR));
    const attack = inputOf(low, e % 2n ? e : e - SUBGROUP_ORDER);
    const bits = 'circomlib/circuits/bitify.circom';
    const lies: Change[] = [
      { file: bits, from: 'template Num2Bits(n) {', to: 'template Num2Bits(n) {\n    var carry = 1;' },
      {
        file: bits,
        from: 'out[i] <-- (in >> i) & 1;',
        to: `if (n >= 253) {
            var sum = ((in >> i) & 1) + ((-1 >> i) & 1) + carry;
            out[i] <-- sum & 1;
            carry = sum >> 1;
        } else {
            out[i] <-- (in >> i) & 1;
        }`,
      },
    ];
    const wide: Change[] = [
      { file, from: 'MirroredBits(253, 130, 0)(h);', to: 'MirroredBits(254, 130, 0)(h);' },
      { file: 'lib/mirrored_bits.circom', from: 'assert(n >= 1 && n <= 253 &&', to: 'assert(n >= 1 &&' },
      { ...qBound, to: 'RangeCheck(126)(q + (1 << 125));' }, // q of h + p
      { ...cBound, to: 'RangeCheck(125)(c + (1 << 124));' },
    ];
    await expectGuarded(instance, wide, attack, lies);
  });
});

test('AggregatedScalar: a total that is right modulo p alone', async () => {
  const file = 'lib/aggregated_scalar.circom';
  const z = [(1n << 119n) + 1n, 3n];
  const s = [(1n << 249n) + 99n, 5n];
  const sum = z.reduce((total, weight, i) => total + weight * (s[i] ?? 0n), 0n);
  const input = (total: bigint): CircuitInput => ({
    z,
    s,
    sLow: s.map((value) => value % (1n << 125n)),
    offset: 1n,
    offsetLow: 1n,
    total: modP(total),
    totalLow: modP(total % (1n << 126n)),
  });
  const instance = templateInstance(file, 'AggregatedScalar', [2]);
  const circuit = await CircuitUnderTest.of(instance);
  for (const k of [-1n, 0n]) assert.equal(await circuit.accepts(input(modOrder(sum + 1n) + k * SUBGROUP_ORDER)), true);
  const cBound = { file, from: 'RangeCheck(128)(c + (1 << 127));', to: '' };
  await expectGuarded(instance, [cBound], input(modOrder(sum + 1n - FR)));
});

describe('lanes', () => {
  test('lane_rest_bound: AssertAtMost is exact', async () => {
    const instance = templateInstance('lib/assert_at_most.circom', 'AssertAtMost', [14, 12_388]);
    const circuit = await CircuitUnderTest.of(instance);
    const values = new Set([0n, 1n, 1n << 14n, FR - 1n, FR - 12_388n]);
    for (let bit = 0n; bit < 14n; bit++)
      for (const near of [12_387n, 12_388n, 12_389n]) values.add(near ^ (1n << bit)).add(near);
    for (const value of values) assert.equal(await circuit.accepts({ in: value }), value <= 12_388n, `${value}`);
  });
  test('lane_rest_bound: a lane + p is refused, but for the smallest lanes, down to the last', async () => {
    const file = 'lib/challenge_lane.circom';
    const instance = templateInstance(file, 'ChallengeLane');
    const low = (value: bigint): bigint => value % (1n << 240n);
    const lie: Change = { file, from: 'rest <-- lane >> 240;', to: 'rest <-- (lane - number) / (1 << 240);' };
    const bound: Change = {
      file,
      from: 'AssertAtMost(14, restLimit)(rest);',
      to: 'AssertAtMost(14, restLimit + 1)(rest);',
    };
    const asItIs = { lane: fr('lane'), number: low(fr('lane')) };
    // lane + p has the rest floor(p / 2^240) up to here, and one more from here on.
    const first = (1n << 240n) - low(FR);
    await withMutant(instance, [lie], async (liar) => {
      for (const lane of [asItIs.lane, 0n, first - 1n, first, FR - 1n]) {
        assert.equal(await liar.accepts({ lane, number: low(lane) }), true, `${lane}`);
        assert.equal(await liar.accepts({ lane, number: low(lane) + 1n }), false, `${lane}`);
        // What is accepted here is counted in EddsaPoseidonBatch's argument.
        assert.equal(await liar.accepts({ lane, number: low(lane + FR) }), lane < first, `${lane} + p`);
      }
    });
    await expectGuarded(instance, [bound], { lane: first, number: low(first + FR) }, [lie]);
    await expectGuarded(instance, [bound], { lane: (1n << 240n) - 1n, number: low((1n << 240n) - 1n + FR) }, [lie]);
  });
  test('tag_distinct_per_variant_and_N: the transcript of two signatures is not that of four challenges', async () => {
    const circuit = await CircuitUnderTest.of(templateInstance('lib/transcript.circom', 'Transcript', [2, 2]));
    const witness = await circuit.expectPass({ h: [1n, 2n], s: [3n, 4n] });
    assert.deepEqual(witness.slice(1, 3), refTranscript([1n, 2n], [3n, 4n], 2));
    assert.notDeepEqual(witness.slice(1, 3), refTranscript([1n, 2n, 3n, 4n], [], 2));
  });
});
