// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FR } from '../protocol/field.ts';
import { CompileError } from './circuit-error.ts';
import { zeroModuloInputs } from './hints/nonnative/combination.ts';
import { limbsOf, valueAtLimb } from './hints/nonnative/polynomial-ring.ts';
import { NonnativeTranscript } from './hints/nonnative/transcript.ts';
import { modulo } from './hints/prime-field.ts';
import type { CircuitInput } from './statement-kind.ts';
import { refSponge } from './testing/batch-reference.ts';
import { Draw } from './testing/draw.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { withMutant } from './testing/mutant.ts';
import { SECP256K1, canonical, onlyGuard, part } from './testing/nonnative.ts';

/*
 * The non-native engine: its packing, its transcript against a twin, and its last check. What lies is refused by the
 * engine as it is, and taken by a mutant that lacks the guard.
 */

const X = 1n << 32n;
const draw = new Draw('nonnative');
const bitsOf = (value: bigint, count: number): bigint[] =>
  Array.from({ length: count }, (_, i) => (value >> BigInt(i)) & 1n);

describe('packing', () => {
  for (const [limbs, topBits] of [
    [8, 29],
    [8, 31],
    [8, 32],
    [12, 29],
  ] as const) {
    test(`${limbs} limbs, ${32 * (limbs - 1) + topBits} bits: bounds each limb, and words are the bits`, async () => {
      const total = 32 * (limbs - 1) + topBits;
      const circuit = await CircuitUnderTest.of(part('PackedElementsCase', 3, limbs, topBits));
      const most = (1n << BigInt(total)) - 1n;
      const elements = [most, draw.below(most), 1n << BigInt(total - 1)];
      const witness = await circuit.expectPass({ element: elements.map((one) => limbsOf(one, limbs)) });
      const whole = Math.floor(total / 253);
      elements.forEach((element, e) => {
        for (let j = 0; j < whole; j++)
          assert.equal(witness[1 + whole * e + j], (element >> BigInt(253 * j)) & ((1n << 253n) - 1n));
      });
      const rest = total % 253;
      if (rest > 0) {
        const perWord = Math.min(3, Math.floor(253 / rest));
        const word = elements
          .slice(0, perWord)
          .reduce((sum, one, i) => sum + ((one >> BigInt(253 * whole)) << BigInt(rest * i)), 0n);
        assert.equal(witness[1 + whole * 3], word);
      }
      await circuit.expectDetermined({ element: elements.map((one) => limbsOf(one, limbs)) });
      for (let k = 0; k < limbs; k++) {
        const limb = limbsOf(elements[1] ?? 0n, limbs);
        limb[k] = 1n << BigInt(k === limbs - 1 ? topBits : 32);
        const wide = [limb, limbsOf(0n, limbs), limbsOf(0n, limbs)];
        assert.equal(await circuit.accepts({ element: wide }), false, `limb ${k}`);
      }
    });
  }
  test('bits fill words of 253, lowest first', async () => {
    const circuit = await CircuitUnderTest.of(part('PackedBitsCase', 300));
    const value = draw.below(1n << 300n);
    const witness = await circuit.expectPass({ bits: bitsOf(value, 300) });
    assert.deepEqual(witness.slice(1, 3), [value & ((1n << 253n) - 1n), value >> 253n]);
  });
});

describe('transcript', () => {
  const base = () => ({
    first: draw.below(1n << 300n),
    scalar: [draw.below(1n << 253n), draw.below(1n << 253n)],
    second: 21n,
    element: [1n, 2n, 3n].map((i) => draw.below((1n << 255n) - i)),
    third: 9n,
    coefficient: [draw.below(FR), 0n, 5n, FR - 1n],
  });
  type Absorbed = ReturnType<typeof base>;
  const twin = (of: Absorbed): bigint[] => {
    const transcript = new NonnativeTranscript(4096n);
    const weights = transcript.statement([{ value: of.first, bits: 300 }], of.scalar, 253, 3);
    const offset = transcript.answer([{ value: of.second, bits: 5 }]);
    const multipliers = transcript.hints([{ value: of.third, bits: 4 }], of.element, 255, 3);
    return [...weights, offset, ...multipliers, transcript.combined(of.coefficient)];
  };
  const inputs = (of: Absorbed): CircuitInput => ({
    first: bitsOf(of.first, 300),
    scalar: of.scalar.map((one) => limbsOf(one, 8)),
    second: bitsOf(of.second, 5),
    element: of.element.map((one) => limbsOf(one, 8)),
    third: bitsOf(of.third, 4),
    coefficient: of.coefficient,
  });

  test('agrees with its twin; and the twin with the sponge by another implementation', async () => {
    const circuit = await CircuitUnderTest.of(part('TranscriptCase'));
    for (let i = 0; i < 3; i++) {
      const of = base();
      const witness = await circuit.expectPass(inputs(of));
      assert.deepEqual(witness.slice(1, 9), twin(of));
      const word = (1n << 253n) - 1n;
      const lanes = refSponge(4096n, [of.first & word, of.first >> 253n, ...of.scalar], 3);
      const [first = 0n, second = 0n, third = 0n, offset = 0n, multiplier] = witness.slice(1, 6);
      assert.equal(first, (lanes[1] ?? 0n) & ((1n << 120n) - 1n));
      // Weights and offset are absorbed as they were read.
      const read = first | (second << 120n) | (third << 240n) | (of.second << 360n);
      const answer = refSponge(4097n, [lanes[0] ?? 0n, read & word, read >> 253n], 2);
      assert.equal(offset, (answer[1] ?? 0n) & ((1n << 240n) - 1n));
      const tops = of.element.reduce((sum, one, k) => sum | ((one >> 253n) << BigInt(2 * k)), 0n);
      const elements = [...of.element.map((one) => one & word), tops];
      const hints = refSponge(4098n, [answer[0] ?? 0n, offset | (of.third << 240n), ...elements], 3);
      assert.equal(multiplier, (hints[1] ?? 0n) & ((1n << 120n) - 1n));
    }
    await circuit.expectDetermined(inputs(base()));
  });

  test('xi-after-both-moduli: everything absorbed changes every challenge after it, and none before', () => {
    const of = base();
    const before = twin(of);
    const flipped = (value: bigint): bigint => value ^ 1n;
    const stages: readonly (readonly [number, Absorbed])[] = [
      [0, { ...of, first: of.first ^ (1n << 299n) }],
      ...of.scalar.map((_, i) => [0, { ...of, scalar: of.scalar.map((s, j) => (i === j ? flipped(s) : s)) }] as const),
      [3, { ...of, second: flipped(of.second) }],
      [4, { ...of, third: flipped(of.third) }],
      ...of.element.map(
        (_, i) => [4, { ...of, element: of.element.map((e, j) => (i === j ? e ^ (1n << 254n) : e)) }] as const,
      ),
      ...of.coefficient.map(
        (_, i) => [7, { ...of, coefficient: of.coefficient.map((c, j) => (i === j ? (c + 1n) % FR : c)) }] as const,
      ),
    ];
    for (const [from, changed] of stages)
      twin(changed).forEach((challenge, i) => {
        if (i < from) assert.equal(challenge, before[i]);
        else assert.notEqual(challenge, before[i]);
      });
  });
});

describe('ZeroModulo', () => {
  const count = 35;
  const bound = 250;
  const instance = part('ZeroModuloCase', count, bound);
  const inputs = (coefficients: readonly bigint[]): CircuitInput => {
    const { quotient, ...made } = zeroModuloInputs(coefficients, count, SECP256K1);
    return { coefficient: canonical(made.coefficients), quotient };
  };
  /** The same but for a remainder, taken off limb by limb. */
  const asMultiple = (coefficients: readonly bigint[]): bigint[] => {
    const rest = limbsOf(modulo(valueAtLimb(coefficients), SECP256K1), 8);
    return coefficients.map((coefficient, k) => coefficient - (rest[k] ?? 0n));
  };
  const most = 1n << BigInt(bound);
  const worst = [1n, -1n].map((sign) =>
    asMultiple(Array.from({ length: count }, () => sign * most + (sign > 0n ? 0n : X))),
  );

  test('engine-carry-worst-case: every coefficient at its bound, of either sign', async () => {
    const circuit = await CircuitUnderTest.of(instance);
    for (const polynomial of worst) {
      await circuit.expectPass(inputs(polynomial));
      await circuit.expectFail(inputs(polynomial.map((c, k) => (k === 3 ? c - 1n : c))), 'NativeBits');
    }
    await circuit.expectDetermined(inputs(worst[0] ?? []));
    const fewer = { file: 'lib/nonnative/zero_modulo.circom', from: 'bound - limbBits + 2;', to: 'bound - limbBits;' };
    await withMutant(instance, [fewer], async (narrow) => {
      assert.equal(await narrow.accepts(inputs(worst[0] ?? [])), false, 'the test reaches the carries that are needed');
    });
  });

  test('a wide carry lets in what is a multiple modulo the field only', async () => {
    // C(X) = -r as an integer: r = sum (c_(k-1) - X c_k) X^k, its first carry X / r too wide.
    const coefficients: bigint[] = [];
    for (let carry = FR / X + 1n, k = 0, before = FR; k < count; k++) {
      coefficients.push(X * carry - before);
      before = carry;
      carry = carry / X;
    }
    assert.equal(valueAtLimb(coefficients), -FR);
    assert.ok(
      coefficients.every((c) => (c < 0n ? -c : c) < most),
      'within the bound',
    );
    const limbs = limbsOf(1n << 1087n, 34);
    await onlyGuard(
      instance,
      [{ file: 'lib/nonnative/zero_modulo.circom', from: 'bound - limbBits + 2;', to: 'bound - limbBits + 6;' }],
      { coefficient: canonical(coefficients), quotient: limbs },
    );
  });

  test('engine-asserts-coefficient-bound: and the number of relations', async () => {
    for (const refused of [251, 71])
      await assert.rejects(CircuitUnderTest.of(part('ZeroModuloCase', count, refused)), CompileError);
    const changes = [
      {
        file: 'testing/nonnative_cases.circom',
        from: 'Combination(1, 1)([product]',
        to: 'Combination(2, 1)([product, product]',
      },
    ];
    const compiled = withMutant(part('ProductModulo', 0, 140), changes, () => Promise.resolve());
    await assert.rejects(compiled, CompileError);
  });
});
