// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BASE8, SUBGROUP_ORDER } from '../protocol/eddsa.ts';
import type { CircuitInput } from './statement-kind.ts';
import { modOrder, refDigits } from './testing/batch-reference.ts';
import { chosenSlope } from './testing/chosen-slope.ts';
import { fr } from './testing/fixtures.ts';
import { expectGuarded } from './testing/forgery.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import {
  doubleMontgomery,
  modP,
  MONTGOMERY_A,
  multipleOfBase8,
  pointTable,
  toEdwards,
  type MontgomeryPoint,
} from './testing/montgomery.ts';
import { withMutant, type Change } from './testing/mutant.ts';
import { multiply, refOnCurve } from './testing/reference.ts';
import { templateInstance } from './testing/template-instance.ts';

/*
 * What a prover may try against the parts of EddsaPoseidonBatch that compute with points: sums, multiples of a fixed
 * base, nonce points, and the windows that select from a table.
 */

describe('MontgomerySum', () => {
  const file = 'lib/montgomery_sum.circom';
  const addition = templateInstance(file, 'MontgomerySum', [1, 0]);

  test('gadget_equal_points_escapes: the slope is free at equal points, hence the random start', async () => {
    const point = multipleOfBase8(5n);
    for (const slope of [0n, 1n, 12345n]) {
      await withMutant(addition, [chosenSlope(slope)], async (liar) => {
        const [, u = 0n, v = 0n] = await liar.expectPass({ start: [...point], points: [...point] });
        assert.equal(u, modP(slope * slope - MONTGOMERY_A - 2n * point[0]));
        assert.equal(refOnCurve(toEdwards([u, v])), false, 'it leaves the curve');
      });
    }
  });
  test('opposite points are refused', async () => {
    const [u, v] = multipleOfBase8(5n);
    const circuit = await CircuitUnderTest.of(addition);
    await circuit.expectFail({ start: [u, v], points: [u, modP(-v)] }, 'MontgomerySum');
  });
  test('2 * start + points', async () => {
    const circuit = await CircuitUnderTest.of(templateInstance(file, 'MontgomerySum', [3, 1]));
    const input = { start: [...multipleOfBase8(5n)], points: [7n, 11n, 13n].flatMap((k) => [...multipleOfBase8(k)]) };
    assert.deepEqual((await circuit.expectPass(input)).slice(1, 3), [...multipleOfBase8(41n)]);
  });
});

describe('FixedBase', () => {
  const instance = templateInstance('testing/cases.circom', 'FixedBase8', [84, 42]);
  const bitsOf = (number: bigint): bigint[] => Array.from({ length: 252 }, (_, i) => (number >> BigInt(i)) & 1n);

  test('fixed_base_window83_wrap: the sum that meets the last window is refused', async () => {
    // The sum of windows 0 to 82 is 3 * 8^83 modulo l.
    const last = 3n * 8n ** 83n;
    const below = [modOrder(last), modOrder(last) - SUBGROUP_ORDER].find(
      (one) => one % 2n !== 0n && one < 8n ** 83n && one > -(8n ** 83n),
    );
    assert.ok(below !== undefined);
    const bits = bitsOf((below + last + 8n ** 84n - 1n) / 2n);
    const guard: Change = {
      file: 'lib/fixed_base.circom',
      from: 'if (n == 84) { AssertNonZero()(digits[83][0] - below.out[0]); }',
      to: '',
    };
    await expectGuarded(instance, [guard], { bits }, [chosenSlope(7n)]);
  });
  test('value, low and point for some numbers', async () => {
    const circuit = await CircuitUnderTest.of(instance);
    for (const label of ['a', 'b', 'c']) {
      const number = fr(label);
      const signed = (count: bigint): bigint => 2n * (number % (1n << count)) - ((1n << count) - 1n);
      const [, u, v, value, low] = await circuit.expectPass({ bits: bitsOf(number) });
      assert.deepEqual([u, v], [...multipleOfBase8(modOrder(signed(252n)))]);
      assert.deepEqual([value, low], [modP(signed(252n)), modP(signed(126n))]);
    }
  });
});

test('NoncePoint: a nonce off the curve, were its eighth not checked', async () => {
  // The doublings know nothing of the curve's last coefficient: an eighth off the curve makes a nonce off it.
  const file = 'lib/nonce_point.circom';
  const eighth: MontgomeryPoint = [5n, 7n];
  const { x, y } = toEdwards(doubleMontgomery(doubleMontgomery(doubleMontgomery(eighth))));
  assert.equal(refOnCurve({ x, y }), false);
  const lie: Change = { file, from: 'var eighth[2] = eighthInMontgomery(x, y);', to: 'var eighth[2] = [5, 7];' };
  const guard: Change = {
    file,
    from: 'multiple[0][0] * (squared[0] + MontgomeryA() * multiple[0][0] + 1) === vSquared;',
    to: '',
  };
  await expectGuarded(templateInstance(file, 'NoncePoint'), [guard], { r8x: x, r8y: y }, [lie]);
});

test('mutant_table_reading: each equation by which SignedWindows reads its number is needed', async () => {
  const file = 'lib/signed_windows.circom';
  const instance = templateInstance(file, 'SignedWindows', [4, 4, 0]);
  const { point, triple, slope, shift } = pointTable(multiply(BASE8, 5n));
  const input = (value: bigint): CircuitInput => ({
    point: [...point],
    triple: [...triple],
    slope,
    shift,
    value: modP(value),
  });
  const circuit = await CircuitUnderTest.of(instance);
  for (const value of [1n, -1n, 27n, -255n, 255n]) {
    const witness = await circuit.expectPass(input(value));
    refDigits(value, 4).forEach((digit, j) => {
      const expected = [...multipleOfBase8(modOrder(5n * digit))];
      assert.deepEqual(witness.slice(1 + 2 * j, 3 + 2 * j), expected, `${value}, digit ${j}`);
    });
  }
  for (const value of [0n, 2n, 257n, -257n]) assert.equal(await circuit.accepts(input(value)), false, `${value}`);

  // All digits P, which spell 85, passed off as 27.
  const ones: Change = { file, from: 'var t = rest & 3;', to: 'var t = 2;' };
  const signs: Change = {
    file,
    from: 'slopeSum * vRise * inverse;',
    to: '(value * vRise - 2 * vSum) / (vRise - 2 * point[1]);', // so that the honest `tripled` makes up the difference
  };
  const tripled: Change = { file, from: '(vSum - vSigns[part]) * slope * inverse;', to: '(value - signs[part]) / 2;' };
  for (const [lies, equation] of [
    [[ones, signs], 'signs[part] * slope === slopeSum;'],
    [[ones, tripled], 'tripled[part] * (triple[1] - point[1]) === vSum - vSigns[part];'],
    [[ones], 'value === total;'],
  ] as const) {
    await withMutant(instance, lies, async (liar) => assert.equal(await liar.accepts(input(27n)), false, equation));
    await withMutant(instance, [...lies, { file, from: equation, to: '' }], async (liar) =>
      assert.equal(await liar.accepts(input(27n)), true, equation),
    );
  }
});
