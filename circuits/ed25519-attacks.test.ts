// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FR } from '../protocol/field.ts';
import { CompileError } from './circuit-error.ts';
import type { Instance } from './compile.ts';
import {
  batchDigits,
  batchTranscript,
  combinationBits,
  decodeSignature,
  type DecodedSignature,
  type EncodedSignature,
} from './hints/ed25519/batch.ts';
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
import { bitsOfDigits, digitsPolynomial, oddDigits, oddRepresentative, valueOfDigits } from './hints/ed25519/digits.ts';
import { CurveRelations, type TracedPoint } from './hints/ed25519/relations.ts';
import { multipliersFor } from './hints/nonnative/combination.ts';
import { limbsOf, polynomials, type Polynomial } from './hints/nonnative/polynomial-ring.ts';
import { inverseModulo, modulo } from './hints/prime-field.ts';
import { attempt, encoded, oddSignature, signed, bytes32, type Forgery } from './testing/ed25519.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { divide } from './testing/montgomery.ts';
import { withMutant, type Change } from './testing/mutant.ts';
import { templateInstance } from './testing/template-instance.ts';
import type { CircuitInput } from './statement-kind.ts';

/*
 * What a prover may try against Ed25519Batch. Every forgery is computed to the end, transcript and combination included, as
 * somebody would who wants it to pass; it passes a mutant that lacks the guard, and not the circuit as it is.
 */

const instance = (template: string, source: string, ...parameters: number[]): Instance =>
  templateInstance(source, template, parameters, { flags: ['--O1'] });
const caseOf = (template: string, ...parameters: number[]): Instance =>
  instance(template, 'testing/ed25519_cases.circom', ...parameters);
const BATCH = 'lib/ed25519/ed25519_batch.circom';
const one = caseOf('Ed25519BatchCase', 1);
const honest = encoded(signed(9, 'honest'));

/** Relation r stays out of the combination, modulo p and modulo L alike. */
const without = (r: number): Change => ({
  file: 'lib/nonnative/combination.circom',
  from: 'term[r] <== multiplier[i] * relation[r];',
  to: `term[r] <== multiplier[i] * (r == ${r} ? 0 : relation[r]);`,
});
const drop =
  (...dropped: number[]): NonNullable<Forgery['relations']> =>
  (field, order) => {
    for (const r of dropped) {
      field[r] = [];
      if (r < order.length) order[r] = [];
    }
  };

/** The circuit without its last comparison: there, a hint that lies breaks one relation and no other. */
const openEnded: readonly Change[] = [
  {
    file: BATCH,
    from: 'combined.relation[next] <== double[2].u3 - sum.point[0];',
    to: 'combined.relation[next] <== 0;',
  },
  {
    file: BATCH,
    from: 'combined.relation[next + 1] <== double[2].v3 - sum.point[1];',
    to: 'combined.relation[next + 1] <== 0;',
  },
];

async function passesOnly(
  changes: readonly Change[],
  signatures: readonly EncodedSignature[],
  forgery: Forgery,
  r: number,
) {
  const original = await CircuitUnderTest.of(one);
  const { inputs, isSatisfied } = attempt(signatures, forgery);
  assert.equal(isSatisfied, false);
  assert.equal(await original.accepts(inputs), false, 'the circuit refuses');
  const forged = attempt(signatures, { ...forgery, relations: drop(r) });
  assert.equal(forged.isSatisfied, true, 'nothing else is wrong');
  await withMutant(one, [...changes, without(r)], async (weak) => {
    assert.equal(await weak.accepts(forged.inputs), true, 'without the relation it passes');
  });
}

/** A hint in place of the honest one, and all that follows made from it. */
class Lying extends CurveRelations<Polynomial> {
  constructor(
    private readonly at: number,
    private readonly by: bigint,
  ) {
    super(polynomials);
  }

  override element(value: bigint): Polynomial {
    return super.element(this.elements.length === this.at ? modulo(value + this.by, FIELD_PRIME) : value);
  }
}

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
    await (await CircuitUnderTest.of(one)).expectFail(forged, 'Binary');
    const unchecked = {
      file: 'testing/ed25519_cases.circom',
      from: 'digest[i][k] <== Binary()(h[i][k]);',
      to: 'digest[i][k] <== h[i][k];',
    };
    await withMutant(one, [unchecked], async (weak) => {
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
  // For one signature: 6 hints of points, 8 of A's table, 21 of the offset's comb, 328 of Straus, 3 doublings, 41 of the sum's comb.
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
    await withMutant(one, openEnded, async (open) => {
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
      await withMutant(one, [...openEnded, without(at)], async (weak) => {
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
    await withMutant(one, openEnded, async (drawn) => {
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
    await withMutant(one, [...openEnded, ...known], async (weak) => {
      for (const inputs of forged) assert.equal(await weak.accepts(inputs), true, 'any slope passes');
    });
  });
});

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
      withMutant(one, [change], () => Promise.resolve()),
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
    const original = await CircuitUnderTest.of(one);
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
    const original = await CircuitUnderTest.of(one);
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
    const original = await CircuitUnderTest.of(one);
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
    await (await CircuitUnderTest.of(one)).expectFail(inputs, 'ScalarBelowOrder|template NativeBits');
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
