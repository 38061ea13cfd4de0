// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CompileError } from './circuit-error.ts';
import {
  batchDigits,
  batchTranscript,
  combinationBits,
  decodeSignature,
  type DecodedSignature,
  type EncodedSignature,
} from './hints/ed25519/batch.ts';
import { FIELD_PRIME, GROUP_ORDER } from './hints/ed25519/curve25519.ts';
import { decodePoint } from './hints/ed25519/decode-point.ts';
import { bitsOfDigits, oddDigits, oddRepresentative, valueOfDigits } from './hints/ed25519/digits.ts';
import { CurveRelations } from './hints/ed25519/relations.ts';
import { multipliersFor } from './hints/nonnative/combination.ts';
import { limbsOf, polynomials } from './hints/nonnative/polynomial-ring.ts';
import { modulo } from './hints/prime-field.ts';
import { caseOf, single, honest, instance } from './testing/ed25519-attack.ts';
import { attempt, encoded, oddSignature, signed, bytes32 } from './testing/ed25519.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { withMutant } from './testing/mutant.ts';

/* Attacks on encodings and scalars of Ed25519Batch (testing/ed25519-attack.ts), and the bounds that it counts with. */

describe('bounds', () => {
  test('engine-asserts-coefficient-bound: the template counts and bounds as the polynomials do', async () => {
    for (const n of [1, 2, 3]) {
      const circuit = await CircuitUnderTest.of(caseOf('BatchNumbers', n));
      const [, elements, multipliers, fieldBits, orderBits] = await circuit.expectPass({ nothing: 1n });
      const signatures = Array.from({ length: n }, (_, i) => decodeSignature(encoded(signed(i + 1, 'x')), 'x'));
      const digits = batchDigits(batchTranscript(n), signatures);
      const trace = new CurveRelations(polynomials);
      attempt(signatures, { trace });
      assert.equal(elements, BigInt(trace.elements.length));
      assert.equal(multipliers, BigInt(multipliersFor(trace.relations.length)));
      const exact = combinationBits(signatures, digits);
      // Largest norms in place of each coefficient's own cost a bit or two, modulo L some more.
      assert.ok(Number(fieldBits) >= exact[0] && Number(fieldBits) <= exact[0] + 3, `${fieldBits}, ${exact[0]}`);
      assert.ok(Number(orderBits) >= exact[1] && Number(orderBits) <= exact[1] + 8, `${orderBits}, ${exact[1]}`);
    }
  });
  test('engine-asserts-coefficient-bound: u afresh too seldom does not compile', async () => {
    const change = {
      file: 'lib/ed25519/straus_ed25519.circom',
      from: 'function FreshUPeriod() { return 4; }',
      to: 'function FreshUPeriod() { return 6; }',
    };
    await assert.rejects(
      withMutant(single, [change], () => Promise.resolve()),
      CompileError,
    );
  });
});

describe('encodings', () => {
  /** s = 0 and h = 1 for A = -R: valid whatever the discrete logarithm of R. */
  const opposite = (r: bigint): EncodedSignature => ({ key: r ^ (1n << 255n), r, s: 0n, digest: 1n });

  test('noncanonical-y-all-19', async () => {
    const two = await CircuitUnderTest.of(caseOf('Ed25519BatchCase', 2));
    const { Point } = (await import('@noble/curves/ed25519.js')).ed25519;
    const accepted: bigint[] = [];
    const valid: EncodedSignature[] = [];
    for (let k = 0n; k < 19n; k++) {
      for (const sign of [0n, 1n]) {
        const encoding = FIELD_PRIME + k + (sign << 255n);
        let expected = true;
        try {
          Point.fromBytes(bytes32(encoding), true);
        } catch {
          expected = false;
        }
        let decoded = true;
        try {
          valid.push(opposite(decodePoint(encoding, 'r').encoding));
        } catch {
          decoded = false;
        }
        assert.equal(decoded, expected, `p + ${k}, sign ${sign}`);
        if (decoded && sign === 0n) accepted.push(k);
      }
    }
    assert.deepEqual(accepted.map(Number), [0, 1, 3, 4, 5, 6, 9, 10, 14, 15, 16, 18]);
    for (let i = 0; i < valid.length; i += 2) {
      const { inputs, isSatisfied } = attempt(valid.slice(i, i + 2));
      assert.ok(isSatisfied);
      await two.expectPass(inputs);
    }
  });

  test('an encoding of no point has no witness', async () => {
    const original = await CircuitUnderTest.of(single);
    // y = 2 + p is none. Whatever point is put in its place, its relation to y fails.
    const forged = { ...honest, r: FIELD_PRIME + 2n };
    const decode = (): DecodedSignature => {
      const decoded = decodeSignature(honest, 'honest');
      return { ...decoded, ...forged, nonce: { ...decoded.nonce, encoding: forged.r, y: forged.r } };
    };
    assert.equal(await original.accepts(attempt([forged], { decode }).inputs), false);
  });

  test('x-noncanonical-flips-sign: x below p, of the parity that is asked for', async () => {
    const circuit = await CircuitUnderTest.of(caseOf('CanonicalSignCase'));
    const all = (1n << 255n) - 1n;
    const xs = [0n, 1n, 2n, 17n, 18n, (1n << 32n) - 1n, FIELD_PRIME - 2n, FIELD_PRIME - 1n];
    xs.push(all - (0xffffffffn << 32n), all - (1n << 254n), all - (1n << 32n), all - 0xffffffffn);
    for (const x of xs) {
      for (const sign of [0n, 1n])
        assert.equal(await circuit.accepts({ limb: limbsOf(x, 8), sign }), sign === (x & 1n), `${x} ${sign}`);
    }
    for (let x = FIELD_PRIME; x <= all; x++) {
      for (const sign of [0n, 1n])
        assert.equal(await circuit.accepts({ limb: limbsOf(x, 8), sign }), false, `p + ${x - FIELD_PRIME} ${sign}`);
    }
    await circuit.expectDetermined({ limb: limbsOf(12345n << 200n, 8), sign: 0n });
    await withMutant(
      caseOf('CanonicalSignCase'),
      [{ file: 'lib/ed25519/canonical_sign.circom', from: 'missing * allFull === 0;', to: '' }],
      async (weak) => {
        assert.equal(await weak.accepts({ limb: limbsOf(FIELD_PRIME + 1n, 8), sign: 0n }), false);
      },
    );
    await withMutant(
      caseOf('CanonicalSignCase'),
      [{ file: 'lib/ed25519/canonical_sign.circom', from: 'allFull * (9 + sign);', to: 'allFull * 0;' }],
      async (weak) => {
        assert.equal(
          await weak.accepts({ limb: limbsOf(FIELD_PRIME + 1n, 8), sign: 0n }),
          true,
          '1 with the sign of 0',
        );
      },
    );
  });

  test('y-minus-one-x-free: without the flag x is free, and the point the same', async () => {
    const original = await CircuitUnderTest.of(single);
    const r = FIELD_PRIME - 1n;
    const statement = encoded(oddSignature({ key: 77n, nonceBytes: bytes32(r) }));
    for (const x of [0n, 2n, 4321n << 1n]) {
      const decode = (signature: EncodedSignature, label: string): DecodedSignature => {
        const decoded = decodeSignature(signature, label);
        const nonce = { ...decoded.nonce, x, point: { u: 0n, v: 0n }, exceptional: [false, false] as const };
        return { ...decoded, nonce };
      };
      const { inputs } = attempt([statement], { decode });
      await original.expectPass(inputs);
    }
  });

  test('a flag for another y is refused', async () => {
    const original = await CircuitUnderTest.of(single);
    const { inputs } = attempt([encoded(oddSignature({ key: 77n, nonceBytes: bytes32(1n) }))]);
    for (const flags of [
      [0n, 1n],
      [0n, 0n],
      [1n, 1n],
    ]) {
      const exceptional = [[0n, 0n], flags];
      assert.equal(await original.accepts({ ...inputs, exceptional }), false);
    }
    for (const y of [0n, 2n, FIELD_PRIME, FIELD_PRIME - 2n, (1n << 128n) + 1n, FIELD_PRIME - (1n << 200n)]) {
      const bits = Array.from({ length: 256 }, (_, i) => (y >> BigInt(i)) & 1n);
      const flag = await CircuitUnderTest.of(caseOf('DecompressedPointCase'));
      const values = { u: 2n, v: 3n, x: 4n, at: 5n, mapFactor: 6n, quarterPointV: 7n };
      for (const exceptional of [
        [1n, 0n],
        [0n, 1n],
      ])
        assert.equal(await flag.accepts({ encoding: bits, exceptional, ...values }), false, `${y}`);
      await flag.expectPass({ encoding: bits, exceptional: [0n, 0n], ...values });
    }
  });
});

describe('scalars', () => {
  test('s-plus-L-refused', async () => {
    const circuit = await CircuitUnderTest.of(instance('ScalarBelowOrder', 'lib/ed25519/scalar_below_order.circom'));
    const cases: readonly (readonly [bigint, boolean])[] = [
      [0n, true],
      [GROUP_ORDER - 1n, true],
      [1n << 252n, true],
      [(1n << 252n) - 1n, true],
      [GROUP_ORDER, false],
      [GROUP_ORDER + 1n, false],
      [(1n << 252n) + (1n << 128n), false],
      [(1n << 252n) + (1n << 251n), false],
      [(1n << 253n) - 1n, false],
    ];
    for (const [s, expected] of cases) assert.equal(await circuit.accepts({ limb: limbsOf(s, 8) }), expected, `${s}`);
    await circuit.expectDetermined({ limb: limbsOf(GROUP_ORDER - 5n, 8) });
    const statement = { ...honest, s: honest.s + GROUP_ORDER };
    const decode = (signature: EncodedSignature, label: string): DecodedSignature => ({
      ...decodeSignature({ ...signature, s: signature.s - GROUP_ORDER }, label),
      s: signature.s,
    });
    const { inputs, isSatisfied } = attempt([statement], { decode });
    assert.ok(isSatisfied, 'the equation is the same');
    await (await CircuitUnderTest.of(single)).expectFail(inputs, 'ScalarBelowOrder|template NativeBits');
  });

  test('digits-63-unique: each odd number below 2^252 has one string, and no other number any', () => {
    for (const value of [1n, -1n, (1n << 252n) - 1n, 1n - (1n << 252n), 0x123456789abcdefn]) {
      const digits = oddDigits(value, 4, 63);
      assert.equal(valueOfDigits(digits, 4), value);
      assert.ok(digits.every((digit) => digit % 2 !== 0 && Math.abs(digit) <= 15));
      assert.equal(bitsOfDigits(digits, 4) >> 252n, 0n);
    }
    // As many strings as numbers, so no number has two; and of a residue modulo L at most one odd number is so small.
    assert.equal(16n ** 63n, 1n << 252n);
    assert.ok(GROUP_ORDER > 1n << 252n);
    for (const value of [0n, 2n, (1n << 252n) + 1n, -(1n << 252n) - 1n])
      assert.throws(() => oddDigits(value, 4, 63), RangeError);
    for (let i = 0n; i < 50n; i++) {
      const representative = oddRepresentative(i ** 40n);
      assert.equal(modulo(representative - i ** 40n, GROUP_ORDER), 0n);
      assert.ok(representative % 2n !== 0n && representative < GROUP_ORDER && representative >= -GROUP_ORDER);
    }
  });
});
