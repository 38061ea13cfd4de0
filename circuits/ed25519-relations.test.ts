// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FR } from '../protocol/field.ts';
import { decodeSignature, type DecodedSignature, type EncodedSignature } from './hints/ed25519/batch.ts';
import { combTable } from './hints/ed25519/comb-table.ts';
import {
  addPoints,
  alongLine,
  BASE_POINT,
  FIELD_PRIME,
  GROUP_ORDER,
  MAP_FACTOR,
  negate,
} from './hints/ed25519/curve25519.ts';
import { decodePoint } from './hints/ed25519/decode-point.ts';
import { digitsPolynomial, oddDigits, oddRepresentative, valueOfDigits } from './hints/ed25519/digits.ts';
import { CurveRelations, type TracedPoint } from './hints/ed25519/relations.ts';
import { limbsOf, polynomials, type Polynomial } from './hints/nonnative/polynomial-ring.ts';
import { inverseModulo, modulo } from './hints/prime-field.ts';
import type { CircuitInput } from './statement-kind.ts';
import { single, honest, without, drop, openEnded, passesOnly, Lying, instance } from './testing/ed25519-attack.ts';
import { attempt, encoded, oddSignature, signed, type Forgery } from './testing/ed25519.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { divide } from './testing/montgomery.ts';
import { withMutant } from './testing/mutant.ts';

/* Attacks on the relations of Ed25519Batch (testing/ed25519-attack.ts), and on what is drawn for them. */

describe('engine-mutant-without-relation-is-caught', () => {
  const secret = 1234567n;
  const base = oddSignature({ key: secret, nonce: 99n, text: 'forged' });
  const good = encoded(base);

  test('y: a key in place of the encoded one', async () => {
    const victim = encoded(signed(1, 'victim'));
    const mine = decodePoint(good.key, 'mine');
    // The victim's encoding has another sign of x, perhaps: then take the point's negative.
    const point =
      mine.encoding >> 255n === victim.key >> 255n
        ? mine
        : { ...mine, x: FIELD_PRIME - mine.x, point: negate(mine.point) };
    const scalar = point === mine ? secret : -secret;
    const statement = { ...good, key: victim.key, s: modulo(99n + good.digest * scalar, GROUP_ORDER) };
    const decode = (signature: EncodedSignature, label: string): DecodedSignature => ({
      ...decodeSignature(signature, label),
      keyPoint: { ...point, encoding: victim.key, y: victim.key & ((1n << 255n) - 1n) },
    });
    await passesOnly([], [statement], { decode }, 0);
  });

  test('x: the key with the other sign', async () => {
    const statement = { ...good, s: modulo(99n - good.digest * secret, GROUP_ORDER) };
    const decode = (signature: EncodedSignature, label: string): DecodedSignature => {
      const decoded = decodeSignature(signature, label);
      return { ...decoded, keyPoint: { ...decoded.keyPoint, point: negate(decoded.keyPoint.point) } };
    };
    await passesOnly([], [statement], { decode }, 1);
  });

  const otherDigest = good.digest ^ (1n << 77n);
  test('d = h: another message', async () => {
    const statement = { ...good, s: modulo(99n + otherDigest * secret, GROUP_ORDER) };
    const keys = (): number[][] => [oddDigits(oddRepresentative(otherDigest), 4, 63)];
    await passesOnly([], [statement], { keys }, 0);
  });

  test('D = s + 2^251 tau: another scalar', async () => {
    const statement = { ...good, s: 5n };
    const sum = (offset: readonly number[]): number[] => {
      const total = 99n + good.digest * secret + (valueOfDigits(offset, 6) << 251n);
      return oddDigits(oddRepresentative(total), 6, 42);
    };
    await passesOnly([], [statement], { sum }, 1);
  });
});

describe('what the transcript packs has to be bits', () => {
  test('h: two digits of one word, changed after the point is known, make another message', async () => {
    const statement = { ...honest, digest: honest.digest ^ (1n << 77n) };
    const keys = [oddDigits(oddRepresentative(honest.digest), 4, 63)];
    const forgery: Forgery = {
      keys: () => keys,
      relations: (_, order) => {
        order[0] = []; // d = h, which does not hold
      },
    };
    const { inputs, isSatisfied, point } = attempt([statement], forgery);
    assert.equal(isSatisfied, true, 'nothing else is wrong');
    const at = (polynomial: Polynomial): bigint =>
      polynomial.reduceRight((value, coefficient) => modulo(value * point + coefficient, FR), 0n);
    // Bit 31 is the highest of limb 0, bit 32 the lowest of limb 1: the word stays, the value at the point does not.
    const error = at(digitsPolynomial(polynomials, keys[0] ?? [], 4)) - at(limbsOf(statement.digest, 16));
    const delta = divide(modulo(error, FR), modulo((1n << 32n) - point, FR));
    const bits = [...((inputs['h'] as bigint[][])[0] ?? [])];
    bits[31] = modulo((bits[31] ?? 0n) + 2n * delta, FR);
    bits[32] = modulo((bits[32] ?? 0n) - delta, FR);
    const forged = { ...inputs, h: [bits] };
    await (await CircuitUnderTest.of(single)).expectFail(forged, 'Binary');
    const unchecked = {
      file: 'testing/ed25519_cases.circom',
      from: 'digest[i][k] <== Binary()(h[i][k]);',
      to: 'digest[i][k] <== h[i][k];',
    };
    await withMutant(single, [unchecked], async (weak) => {
      assert.equal(await weak.accepts(inputs), false);
      assert.equal(await weak.accepts(forged), true, 'digits that are no bits pass');
    });
  });
});

describe('engine-rejects-each-relation-kind-corrupted', () => {
  const last = new CurveRelations(polynomials);
  attempt([honest], { trace: last });
  const count = last.relations.length;
  const unfinished = (...more: number[]) => drop(count - 2, count - 1, ...more);
  // For one signature: 6 hints of points, 8 of A's table, 21 of the offset's comb, 328 of Straus, 3 doublings, 41 of
  // the sum's comb.
  const kinds: readonly (readonly [string, number])[] = [
    ["table's double", 6],
    ["table's addition", 9],
    ["offset's comb", 14 + 5],
    ["Straus's addition of a key", 35],
    ["Straus's double", 36],
    ['u afresh', 35 + 1 + 5 + 5],
    ["Straus's addition of the nonce", 35 + 248 + 63 + 15],
    ["Straus's last u afresh", 35 + 327],
    ['double at the end', 35 + 328 + 1],
    ["sum's comb", 35 + 328 + 3 + 40],
  ];
  test('on the curve: v changed', async () => {
    // u right, v and x consistent with each other, the point on none but a curve of its own.
    const decoded = decodeSignature(honest, 'honest');
    const { u } = decoded.nonce.point;
    let v = 5n;
    const xOf = (): bigint => modulo(MAP_FACTOR * u * inverseModulo(v, FIELD_PRIME), FIELD_PRIME);
    while ((xOf() & 1n) !== honest.r >> 255n) v++;
    const decode = (): DecodedSignature => ({ ...decoded, nonce: { ...decoded.nonce, point: { u, v }, x: xOf() } });
    await withMutant(single, openEnded, async (open) => {
      const forged = attempt([honest], { decode, relations: unfinished() });
      assert.equal(await open.accepts(forged.inputs), false);
      const consistent = attempt([honest], { decode, relations: unfinished(5) });
      assert.equal(consistent.isSatisfied, true, 'nothing else is wrong');
      for (const [name, at] of kinds) {
        const lying = { trace: new Lying(at, 12345n), relations: unfinished() };
        const { inputs, isSatisfied } = attempt([honest], lying);
        assert.equal(isSatisfied, false, name);
        assert.equal(await open.accepts(inputs), false, name);
        const excused = attempt([honest], { trace: new Lying(at, 12345n), relations: unfinished(at) });
        assert.equal(excused.isSatisfied, true, `${name}: no other relation is broken`);
      }
    });
    for (const at of [6, 36]) {
      const excused = attempt([honest], { trace: new Lying(at, 12345n), relations: unfinished(at) });
      await withMutant(single, [...openEnded, without(at)], async (weak) => {
        assert.equal(await weak.accepts(excused.inputs), true, 'without the relation it passes');
      });
    }
  });
});

describe('free-slope-when-start-equals-point', () => {
  test('an addition of equal points has any slope, off the curve', async () => {
    const circuit = await CircuitUnderTest.of(instance('CurveAdd', 'lib/ed25519/curve25519.circom'));
    const [u, v] = [9n, 14n];
    for (const slope of [1n, 2n]) {
      const witness = await circuit.expectPass({ u1: u, v1: v, u2: u, v2: v, slope });
      assert.equal(witness[3], 0n, 'the relation says nothing');
    }
  });

  test('so the offset is drawn after points and digits: were it known, a key can be made that meets it', async () => {
    const offset = new Array<number>(22).fill(1);
    const table = combTable();
    const [first, ...rest] = offset.map((_, k) => table[k]?.[0] ?? BASE_POINT);
    const start = rest.reduce(addPoints, first ?? BASE_POINT);
    const secret = 8n * valueOfDigits(offset, 6);
    // The first digit must be 1: one message in 32.
    let statement: EncodedSignature | undefined;
    for (let i = 0; !statement; i++) {
      const tried = encoded(oddSignature({ key: secret, nonce: 7n, text: `${i}` }));
      if (oddDigits(oddRepresentative(tried.digest), 4, 63)[62] === 1) statement = tried;
    }
    assert.equal(decodeSignature(statement, 'met').keyPoint.point.u, start.u);
    class Free extends CurveRelations<Polynomial> {
      constructor(private readonly slope: bigint) {
        super(polynomials);
      }
      override add(p: TracedPoint<Polynomial>, q: TracedPoint<Polynomial>): TracedPoint<Polynomial> {
        if (p.point.u !== q.point.u) return super.add(p, q);
        assert.equal(p.point.v, q.point.v);
        // The relation holds for any slope: (u2 - u1) slope = v2 - v1 is 0 = 0.
        const slope = this.element(this.slope);
        const run = polynomials.subtract(q.u, p.u);
        this.relations.push(polynomials.add(polynomials.subtract(polynomials.multiply(slope, run), q.v), p.v));
        const a = polynomials.coefficients([486662n]);
        const square = polynomials.subtract(polynomials.multiply(slope, slope), a);
        const u = polynomials.subtract(polynomials.subtract(square, p.u), q.u);
        const v = polynomials.subtract(polynomials.multiply(slope, polynomials.subtract(p.u, u)), p.v);
        return { u, v, point: alongLine(p.point, q.point.u, this.slope) };
      }
    }
    const total = new CurveRelations(polynomials);
    attempt([honest], { trace: total });
    const count = total.relations.length;
    const forged: CircuitInput[] = [];
    for (const slope of [1n, 2n]) {
      const met = attempt([statement], { offset, trace: new Free(slope), relations: drop(count - 2, count - 1) });
      assert.equal(met.isSatisfied, true, 'the sum is whatever the prover likes');
      forged.push(met.inputs);
    }
    await withMutant(single, openEnded, async (drawn) => {
      for (const inputs of forged) assert.equal(await drawn.accepts(inputs), false, 'the offset is another');
    });
    const file = 'lib/nonnative/transcript.circom';
    const known = [
      {
        file,
        from: 'offsetBits <== ChallengeBits()(answer.out[1]);',
        to: 'offsetBits <== ChallengeBits()(0);\nsignal {binary} drawn[240] <== ChallengeBits()(answer.out[1]);',
      },
      { file, from: 'packedThird.bits[k] <== offsetBits[k];', to: 'packedThird.bits[k] <== drawn[k];' },
    ];
    await withMutant(single, [...openEnded, ...known], async (weak) => {
      for (const inputs of forged) assert.equal(await weak.accepts(inputs), true, 'any slope passes');
    });
  });
});
