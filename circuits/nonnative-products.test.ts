// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FR } from '../protocol/field.ts';
import { combine, multiplierPolynomial, zeroModuloInputs } from './hints/nonnative/combination.ts';
import { bounds, limbsOf, polynomials, type Polynomial } from './hints/nonnative/polynomial-ring.ts';
import { NonnativeTranscript } from './hints/nonnative/transcript.ts';
import { modulo } from './hints/prime-field.ts';
import type { CircuitInput } from './statement-kind.ts';
import { Draw } from './testing/draw.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { divide } from './testing/montgomery.ts';
import { SECP256K1, canonical, onlyGuard, part } from './testing/nonnative.ts';
import { solveSmall } from './testing/small-solution.ts';

/*
 * The non-native engine over two other fields than Ed25519's, and what a prover may try there. Each forgery succeeds
 * against a mutant that lacks the guard, and is refused by the engine as it is.
 */

const BLS12_381 = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;
const X = 1n << 32n;
const draw = new Draw('nonnative');

describe('a product modulo another prime', () => {
  const fields = [
    { which: 0, prime: SECP256K1, limbs: 8, bits: 256, bound: 132 },
    { which: 1, prime: BLS12_381, limbs: 12, bits: 381, bound: 132 },
  ];
  interface Proof {
    readonly inputs: CircuitInput;
    readonly multiplier: Polynomial;
    readonly point: bigint;
  }
  type Field = (typeof fields)[number];
  /** As the circuit wants it; `claim` replaces the combined polynomial. */
  function prove({ limbs, bits, prime }: Field, numbers: readonly bigint[], claim?: Polynomial): Proof {
    const transcript = new NonnativeTranscript(8192n);
    transcript.statement([{ value: 0n, bits: 1 }], [0n], 1, 1);
    transcript.answer([{ value: 0n, bits: 1 }]);
    const [drawn = 0n] = transcript.hints([{ value: 0n, bits: 1 }], numbers, bits, 1);
    const multiplier = multiplierPolynomial(drawn);
    const [x = [], y = [], z = []] = numbers.map((number) => polynomials.element(number, limbs, 32));
    const relation = polynomials.subtract(polynomials.multiply(x, y), z);
    const count = 2 * (limbs - 1) + 7;
    const { coefficients, quotient } = zeroModuloInputs(
      claim ?? combine(polynomials, [relation], [multiplier]),
      count,
      prime,
    );
    const inputs = {
      element: numbers.map((number) => limbsOf(number, limbs)),
      coefficient: canonical(coefficients),
      quotient,
    };
    return { inputs, multiplier, point: transcript.combined(coefficients) };
  }
  const evaluate = (polynomial: Polynomial, at: bigint): bigint =>
    polynomial.reduceRight((value, coefficient) => modulo(value * at + coefficient, FR), 0n);

  for (const field of fields) {
    const { which, prime, limbs, bits, bound } = field;
    test(`modulo a prime of ${prime.toString(2).length} bits`, async () => {
      const circuit = await CircuitUnderTest.of(part('ProductModulo', which, bound));
      const most = (1n << BigInt(bits)) - 1n;
      const cases = [
        [draw.below(prime), draw.below(prime)],
        [most, most],
        [0n, most],
        [prime, 1n],
      ] as const;
      for (const [x, y] of cases) {
        const z = (x * y) % prime;
        await circuit.expectPass(prove(field, [x, y, z]).inputs);
        await circuit.expectFail(
          prove(field, [x, y, z === 0n ? 1n : z - 1n]).inputs,
          'ProductModulo|template ZeroModulo|template NativeBits',
        );
      }
      const good = prove(field, [3n, 5n, 15n]).inputs;
      await circuit.expectDetermined(good);
      for (const name of ['coefficient', 'quotient'] as const) {
        const list = [...(good[name] as bigint[])];
        list[2] = modulo((list[2] ?? 0n) + 1n, FR);
        assert.equal(await circuit.accepts({ ...good, [name]: list }), false, name);
      }
      // The bound is what the worst element makes of it.
      const element = bounds.element(0n, limbs, 32);
      const relation = bounds.subtract(bounds.multiply(element, element), element);
      const square = bounds.coefficients(new Array<bigint>(4).fill((1n << 30n) - 1n));
      const worst = combine(bounds, [relation], [square]).reduce((a, b) => (a > b ? a : b));
      assert.ok(
        worst < 1n << BigInt(bound) && worst.toString(2).length >= bound - 2,
        worst.toString(2).length.toString(),
      );
    });
  }

  test('limbs that nothing bounds: packed words say nothing about them', async () => {
    // Limb 0 more by 2^32 d, limb 1 less by d: the same word, another polynomial. d is chosen when all challenges are
    // known.
    const [field] = fields;
    assert.ok(field);
    const { inputs, point } = prove(field, [3n, 5n, 16n], []);
    const z = limbsOf(16n, 8);
    const error = modulo(15n - evaluate(z, point), FR);
    const d = divide(error, modulo(X - point, FR));
    const forged = [modulo(16n + X * d, FR), modulo(-d, FR), ...z.slice(2)];
    await onlyGuard(
      part('ProductModulo', 0, 132),
      [{ file: 'lib/nonnative/limb_element.circom', from: 'inside[k].in <== limb[k];', to: 'inside[k].in <== 0;' }],
      { ...inputs, element: [limbsOf(3n, 8), limbsOf(5n, 8), forged] },
    );
  });

  test('coefficients that are not absorbed: any product passes', async () => {
    // C = (X - Y) c(Y) is zero at Y = X for any c; of c, two small coefficients reach any value at a point that is
    // known.
    const [field] = fields;
    assert.ok(field);
    const { inputs, multiplier, point } = prove(field, [3n, 5n, 16n], new Array<bigint>(21).fill(0n));
    const target = modulo(evaluate(multiplier, point) ** 2n * (15n - 16n), FR);
    const [c0, c1] = solveSmall(point, divide(target, modulo(X - point, FR)));
    const forged = [X * c0, X * c1 - c0, -c1];
    assert.equal(evaluate(forged, point), target);
    await onlyGuard(
      part('ProductModulo', 0, 240),
      [
        {
          file: 'lib/nonnative/transcript.circom',
          from: 'combined.in[1 + k] <== coefficient[k];',
          to: 'combined.in[1 + k] <== 0;',
        },
      ],
      { ...inputs, coefficient: canonical([...forged, ...new Array<bigint>(18).fill(0n)]) },
    );
  });
});
