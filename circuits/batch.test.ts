// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BASE8, SUBGROUP_ORDER, verify, type Point, type Signature } from '../protocol/eddsa.ts';
import { FR, toFr, type Fr } from '../protocol/field.ts';
import type { Instance } from './compile.ts';
import type { CircuitInput } from './statement-kind.ts';
import { modOrder, refChallenge, refDigits, refProduct, refTranscript, refWeights } from './testing/batch-reference.ts';
import { fr } from './testing/fixtures.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import {
  divide,
  lowDigits,
  modP,
  multipleOfBase8,
  pointTable,
  squareRoot,
  toEdwards,
  type MontgomeryPoint,
} from './testing/montgomery.ts';
import { discard, mutant, type Change } from './testing/mutant.ts';
import { multiply, refOnCurve } from './testing/reference.ts';
import { signWith } from './testing/signing.ts';

/*
 * What a prover may try against EddsaPoseidonBatch and its parts. Each forgery is built for a mutant that lacks the guard,
 * where it must succeed, and refused by the circuit as it is.
 */

function part(file: string, template: string, parameters: readonly number[] = []): Instance {
  return { id: `part-${template}`, source: file, template, parameters, publicSignals: [] };
}

/** The forger's hints alone are refused; without the guards they succeed. */
async function forge(
  instance: Instance,
  hints: readonly Change[],
  guards: readonly Change[],
  input: CircuitInput,
): Promise<void> {
  const original = await CircuitUnderTest.of(instance);
  assert.equal(await original.accepts(input), false, 'refused with honest hints');
  for (const [changes, forged] of [
    [hints, false],
    [[...hints, ...guards], true],
  ] as const) {
    if (changes.length === 0) continue;
    const liar = await mutant(instance, changes);
    try {
      assert.equal(await liar.accepts(input), forged, forged ? 'must forge' : 'refused with lying hints');
    } finally {
      await discard(liar);
    }
  }
}

describe('ChallengeProduct', () => {
  const file = 'lib/challenge_product.circom';
  const instance = part(file, 'ChallengeProduct');
  const [h, z] = [fr('challenge'), (1n << 119n) + 4321n];
  const withE = (e: bigint): CircuitInput => ({ h, z, e: modP(e), eLow: modP(lowDigits(e, 126, 65, true)) });
  const right = refProduct(z, h);
  const inRange = (e: bigint): boolean => e % 2n !== 0n && e < 1n << 251n && e > -(1n << 251n);

  test('e_second_encoding_same_verdict: every odd e of the residue within 2^251, and no other', async () => {
    const circuit = await CircuitUnderTest.of(instance);
    for (const e of [right, right + 2n * SUBGROUP_ORDER, right - 2n * SUBGROUP_ORDER].filter(inRange)) {
      assert.equal(await circuit.accepts(withE(e)), true);
    }
    for (const e of [right + 2n, right - 2n, -right, 1n]) assert.equal(await circuit.accepts(withE(e)), false);
  });
  test('q_c_out_of_range: an e that is right modulo p alone', async () => {
    // z h - q l - e = k p with k not 0, q small: [2] and [3] have nothing against it.
    let wrong: bigint | undefined;
    for (let k = -9n; k <= 9n && wrong === undefined; k++) {
      for (const e of [0n, 1n, -1n].map((t) => modOrder(z * h - k * FR) + t * SUBGROUP_ORDER)) {
        if (k !== 0n && inRange(e) && modOrder(e) !== modOrder(right)) wrong = e;
      }
    }
    assert.ok(wrong !== undefined);
    const c: Change = { file, from: 'RangeCheck(121)(c + (1 << 120));', to: '' };
    await forge(instance, [], [c], withE(wrong));
  });
  test('q_c_out_of_range: any e, were neither quotient bounded', async () => {
    const guards = ['RangeCheck(121)(c + (1 << 120));', 'RangeCheck(123)(q + (1 << 122));'];
    await forge(
      instance,
      [],
      guards.map((from) => ({ file, from, to: '' })),
      withE(12345n),
    );
  });
  test('h_alias_malicious_hints: h + p in place of h', async () => {
    // h + p has 254 bits; MirroredBits has 253. The lie: bits of h + p, in a decomposition wide enough for them.
    const low = toFr(h >> 6n, 'h');
    const e = refProduct(z, 0n + low) === 0n ? 0n : modOrder(z * (low + FR));
    const odd = e % 2n ? e : e - SUBGROUP_ORDER;
    const input = { h: low, z, e: modP(odd), eLow: modP(lowDigits(odd, 126, 65, true)) };
    const bits = 'circomlib/circuits/bitify.circom';
    const lie: Change[] = [
      { file: bits, from: 'template Num2Bits(n) {', to: 'template Num2Bits(n) {\n    var carry = 1;' },
      {
        file: bits,
        from: 'out[i] <-- (in >> i) & 1;',
        to: 'if (n >= 253) { var sum = ((in >> i) & 1) + ((-1 >> i) & 1) + carry; out[i] <-- sum & 1; carry = sum >> 1; } else { out[i] <-- (in >> i) & 1; }',
      },
    ];
    const wide: Change[] = [
      { file, from: 'MirroredBits(253, 130, 0)(h);', to: 'MirroredBits(254, 130, 0)(h);' },
      { file: 'lib/mirrored_bits.circom', from: 'assert(n >= 1 && n <= 253 &&', to: 'assert(n >= 1 &&' },
      { file, from: 'RangeCheck(123)(q + (1 << 122));', to: 'RangeCheck(126)(q + (1 << 125));' }, // q of h + p
      { file, from: 'RangeCheck(121)(c + (1 << 120));', to: 'RangeCheck(125)(c + (1 << 124));' },
    ];
    await forge(instance, lie, wide, input);
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
  const instance = part(file, 'AggregatedScalar', [2]);
  const circuit = await CircuitUnderTest.of(instance);
  for (const k of [-1n, 0n]) assert.equal(await circuit.accepts(input(modOrder(sum + 1n) + k * SUBGROUP_ORDER)), true);
  await forge(
    instance,
    [],
    [{ file, from: 'RangeCheck(128)(c + (1 << 127));', to: '' }],
    input(modOrder(sum + 1n - FR)),
  );
});

describe('points', () => {
  const sumFile = 'lib/montgomery_sum.circom';
  const add = part(sumFile, 'MontgomerySum', [1, 0]);
  const lyingSlope = (slope: bigint): Change => ({
    file: sumFile,
    from: 'slope[k] <-- slopes[k];',
    to: `slope[k] <-- points[i][0] == sums[i][0] ? ${slope} : (points[i][1] - sums[i][1]) / (points[i][0] - sums[i][0]);`,
  });

  test('gadget_equal_points_escapes: at equal points the slope is free, which is why the start has to be random', async () => {
    const point = multipleOfBase8(5n);
    const input = { start: [...point], points: [...point] };
    for (const slope of [0n, 1n, 12345n]) {
      const liar = await mutant(add, [lyingSlope(slope)]);
      try {
        const [, u = 0n, v = 0n] = await liar.expectPass(input);
        assert.equal(u, modP(slope * slope - 168_698n - 2n * point[0]));
        assert.equal(refOnCurve(toEdwards([u, v])), false, 'it leaves the curve');
      } finally {
        await discard(liar);
      }
    }
  });
  test('opposite points are refused', async () => {
    const [u, v] = multipleOfBase8(5n);
    await (await CircuitUnderTest.of(add)).expectFail({ start: [u, v], points: [u, modP(-v)] }, 'MontgomerySum');
  });
  test('montgomery_sum: 2 * start + points', async () => {
    const circuit = await CircuitUnderTest.of(part(sumFile, 'MontgomerySum', [3, 1]));
    const input = { start: [...multipleOfBase8(5n)], points: [7n, 11n, 13n].flatMap((k) => [...multipleOfBase8(k)]) };
    assert.deepEqual((await circuit.expectPass(input)).slice(1, 3), [...multipleOfBase8(41n)]);
  });

  test('fixed_base_window83_wrap: the sum that meets the last window is refused', async () => {
    // The sum of windows 0 to 82 is 3 * 8^83 modulo l.
    const last = 3n * 8n ** 83n;
    const below = [modOrder(last), modOrder(last) - SUBGROUP_ORDER].find(
      (one) => one % 2n !== 0n && one < 8n ** 83n && one > -(8n ** 83n),
    );
    assert.ok(below !== undefined);
    const number = (below + last + 8n ** 84n - 1n) / 2n;
    const input = { bits: Array.from({ length: 252 }, (_, i) => (number >> BigInt(i)) & 1n) };
    const instance = part('testing/cases.circom', 'FixedBase8', [84, 42]);
    const guard = {
      file: 'lib/fixed_base.circom',
      from: 'if (n == 84) { AssertNonZero()(digits[83][0] - below.out[0]); }',
      to: '',
    };
    await forge(instance, [lyingSlope(7n)], [guard], input);
  });
  test('FixedBase: value, low and point for some numbers', async () => {
    const circuit = await CircuitUnderTest.of(part('testing/cases.circom', 'FixedBase8', [84, 42]));
    for (const label of ['a', 'b', 'c']) {
      const number = fr(label);
      const bits = Array.from({ length: 252 }, (_, i) => (number >> BigInt(i)) & 1n);
      const signed = (count: bigint): bigint => 2n * (number % (1n << count)) - ((1n << count) - 1n);
      const [, u, v, value, low] = await circuit.expectPass({ bits });
      assert.deepEqual([u, v], [...multipleOfBase8(modOrder(signed(252n)))]);
      assert.deepEqual([value, low], [modP(signed(252n)), modP(signed(126n))]);
    }
  });

  test('NoncePoint: a nonce off the curve, were its eighth not checked', async () => {
    // The doublings know nothing of the curve's last coefficient: an eighth off the curve makes a nonce off it.
    const file = 'lib/nonce_point.circom';
    const eighth: MontgomeryPoint = [5n, 7n];
    let point = eighth;
    for (let i = 0; i < 3; i++) {
      const [u, v] = point;
      const slope = divide(3n * u * u + 2n * 168_698n * u + 1n, 2n * v);
      const next = modP(slope * slope - 168_698n - 2n * u);
      point = [next, modP(slope * (u - next) - v)];
    }
    const { x, y } = toEdwards(point);
    assert.equal(refOnCurve({ x, y }), false);
    const hint: Change = { file, from: 'var eighth[2] = eighthInMontgomery(x, y);', to: 'var eighth[2] = [5, 7];' };
    const guard: Change = {
      file,
      from: 'multiple[0][0] * (squared[0] + MontgomeryA() * multiple[0][0] + 1) === vSquared;',
      to: '',
    };
    await forge(part(file, 'NoncePoint'), [hint], [guard], { r8x: x, r8y: y });
  });

  test('mutant_table_reading: each part of the reading is needed', async () => {
    const file = 'lib/signed_windows.circom';
    const instance = part(file, 'SignedWindows', [4, 4, 0]);
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
        assert.deepEqual(
          witness.slice(1 + 2 * j, 3 + 2 * j),
          [...multipleOfBase8(modOrder(5n * digit))],
          `${value}, digit ${j}`,
        );
      });
    }
    for (const value of [0n, 2n, 257n, -257n]) assert.equal(await circuit.accepts(input(value)), false, `${value}`);
    // All digits P, which spell 85, passed off as 27.
    const ones: Change[] = [
      { file, from: 'var t = rest & 3;', to: 'var t = 2;' },
      { file, from: '(vSum - vSigns[part]) * slope * inverse;', to: '(value - signs[part]) / 2;' },
    ];
    for (const [changes, accepted] of [
      [ones, false],
      [[...ones, { file, from: 'tripled[part] * (triple[1] - point[1]) === vSum - vSigns[part];', to: '' }], true],
    ] as const) {
      const liar = await mutant(instance, changes);
      try {
        assert.equal(await liar.accepts(input(27n)), accepted);
      } finally {
        await discard(liar);
      }
    }
  });
});

describe('lanes', () => {
  test('lane_rest_bound: AssertAtMost is exact', async () => {
    const circuit = await CircuitUnderTest.of(part('lib/assert_at_most.circom', 'AssertAtMost', [14, 12_388]));
    const values = new Set([0n, 1n, 1n << 14n, FR - 1n, FR - 12_388n]);
    for (let bit = 0n; bit < 14n; bit++)
      for (const near of [12_387n, 12_388n, 12_389n]) values.add(near ^ (1n << bit)).add(near);
    for (const value of values) assert.equal(await circuit.accepts({ in: value }), value <= 12_388n, `${value}`);
  });
  test('lane_rest_bound: a lane is read in one way, but for those below 2^240', async () => {
    const circuit = await CircuitUnderTest.of(part('lib/challenge_lane.circom', 'ChallengeLane'));
    const lane = fr('lane');
    const low = (value: bigint): bigint => value % (1n << 240n);
    assert.equal(await circuit.accepts({ lane, number: low(lane) }), true);
    assert.equal(await circuit.accepts({ lane, number: low(lane + FR) }), false);
    assert.equal(await circuit.accepts({ lane, number: low(lane) + 1n }), false);
    assert.equal(await circuit.accepts({ lane: FR - 1n, number: low(FR - 1n) }), true);
  });
  test('tag_distinct_per_variant_and_N', async () => {
    const circuit = await CircuitUnderTest.of(part('lib/transcript.circom', 'Transcript', [2, 2]));
    const witness = await circuit.expectPass({ h: [1n, 2n], s: [3n, 4n] });
    assert.deepEqual(witness.slice(1, 3), refTranscript([1n, 2n], [3n, 4n], 2));
    assert.notDeepEqual(witness.slice(1, 3), refTranscript([1n, 2n, 3n, 4n], [], 2));
  });
});

describe('batch', () => {
  const file = 'lib/eddsa_poseidon_batch.circom';
  const two = (id: string): Instance => ({ ...part(file, 'EddsaPoseidonBatch', [2]), id });
  const pair = two('eddsa-batch-2');

  interface Signed {
    readonly scalar: bigint;
    readonly nonce: bigint;
    readonly key: Point;
    readonly message: Fr;
    readonly signature: Signature;
  }
  const signed = (scalar: bigint, nonce: bigint, message: Fr): Signed => {
    const key = multiply(BASE8, scalar);
    return { scalar, nonce, key, message, signature: signWith(scalar, key, message, nonce) };
  };
  const inputOf = (all: readonly { key: Point; message: Fr; signature: Signature }[]): CircuitInput => ({
    ax: all.map(({ key }) => key.x),
    ay: all.map(({ key }) => key.y),
    r8x: all.map(({ signature }) => signature.r8.x),
    r8y: all.map(({ signature }) => signature.r8.y),
    s: all.map(({ signature }) => signature.s),
    message: all.map(({ message }) => message),
  });
  /** The transcript that forgets the scalars. */
  const forgetful: Change = { file, from: 'Transcript(n, n / 2 + 1)(h, s);', to: 'Transcript(n, n / 2 + 1)(h, h);' };
  const challengeOf = ({ signature, key, message }: Signed): bigint => refChallenge(signature.r8, key, message);

  test('bounds_exact: more than 128, or an odd number, is not compiled', async () => {
    for (const n of [130, 3, 0]) {
      await assert.rejects(
        CircuitUnderTest.of({ ...part(file, 'EddsaPoseidonBatch', [n]), id: 'eddsa-batch-none' }),
        /assert/i,
      );
    }
    const sum = part('lib/aggregated_scalar.circom', 'AggregatedScalar', [129]);
    await assert.rejects(CircuitUnderTest.of(sum), /assert/i);
  });

  test('R_eq_3A_and_equal_R: points that meet each other are no obstacle', async () => {
    const circuit = await CircuitUnderTest.of(pair);
    const message = fr('equal');
    for (const [first, second] of [
      [signed(5n, 15n, message), signed(7n, 15n, message)],
      [signed(5n, 5n, message), signed(5n, 5n, message)],
      [signed(5n, SUBGROUP_ORDER - 5n, message), signed(SUBGROUP_ORDER - 5n, 15n, fr('other'))],
      [signed(1n, 1n, message), signed(1n, 0n, message)],
    ] as const) {
      await circuit.expectPass(inputOf([first, second]));
    }
  });

  test('S_absorbed_differs_true_s: scalars that the transcript does not know cancel out', async () => {
    const all = [signed(5n, 77n, fr('one')), signed(7n, 78n, fr('two'))] as const;
    const h = all.map(challengeOf);
    const [z0 = 0n, z1 = 0n] = refWeights(refTranscript(h, h, 2), 2);
    const wrong = all.map((one, i) => {
      const s = modOrder(one.signature.s + (i ? -z0 : z1));
      return { ...one, signature: { ...one.signature, s } };
    });
    for (const { key, message, signature } of wrong) assert.equal(verify(key, message, signature), false);
    await forge(pair, [], [forgetful], inputOf(wrong));
  });

  test('mutant_omega_unbound_must_forge: an offset that the prover chooses makes an addition go astray', async () => {
    // Against a transcript that forgets the scalars, one wrong scalar is refused all the same, as long as omega is bound.
    // Omega unbound: put it where the sum meets a digit d; there a free slope makes 2d into -d. The wrong scalar pays.
    let found: { all: Signed[]; omega: bigint; slope: bigint; excess: bigint; weight: bigint } | undefined;
    for (let attempt = 515; !found && attempt < 3000; attempt++) {
      // (from 0 the search takes half a minute, and ends there)
      const all = [
        signed(5n, 77n, fr('victim')),
        signed(7n + BigInt(attempt), 78n + BigInt(attempt), fr(`try ${attempt}`)),
      ];
      const h = all.map(challengeOf);
      const z = refWeights(refTranscript(h, h, 2), 2);
      let before = 0n; // what the digits so far come to, without omega
      for (let k = 253; k >= 0 && !found; k--) {
        const isKey = k >= 3 && k % 2 === 1;
        if (!isKey && (k % 2 === 1 || k >= 120)) continue;
        for (const [i, { scalar, nonce }] of all.entries()) {
          const weight = z[i] ?? 0n;
          const digit = isKey
            ? (refDigits(refProduct(weight, h[i] ?? 0n), 126, true)[(k - 3) / 2] ?? 0n) * scalar
            : (refDigits(weight, 60)[k / 2] ?? 0n) * nonce;
          const fused = i === 0 && k < 253;
          const residue = modOrder(digit * (1n << BigInt(k)) - before);
          const omega = residue < 1n << 250n ? residue : residue - SUBGROUP_ORDER;
          const small = omega % 2n !== 0n && omega < 1n << 240n && omega > -(1n << 240n);
          if (!fused && small && !found) {
            const [u] = multipleOfBase8(modOrder(digit));
            const slope = squareRoot(168_698n + 3n * u);
            if (slope !== undefined)
              found = { all, omega, slope, excess: 3n * digit * (1n << BigInt(k)), weight: z[1] ?? 0n };
          }
          before += digit * (1n << BigInt(k));
        }
      }
    }
    assert.ok(found);
    const { all, omega, slope, excess, weight } = found;
    const [first, second] = all;
    assert.ok(first && second);
    const correction = modOrder(excess * power(weight, SUBGROUP_ORDER - 2n));
    const s = modOrder(second.signature.s - correction);
    const wrong = [first, { ...second, signature: { ...second.signature, s } }];
    assert.equal(verify(second.key, second.message, { r8: second.signature.r8, s }), false);
    const number = (omega + (1n << 240n) - 1n) / 2n;
    const hints: Change[] = [
      forgetful,
      { file, from: 'omegaBits[j] <-- (lanes[n / 2] >> j) & 1;', to: `omegaBits[j] <-- (${number} >> j) & 1;` },
      {
        file: 'lib/montgomery_sum.circom',
        from: 'slope[k] <-- slopes[k];',
        to: `slope[k] <-- points[i][0] == sums[i][0] ? ${slope} : (points[i][1] - sums[i][1]) / (points[i][0] - sums[i][0]);`,
      },
      {
        file: 'lib/montgomery_sum.circom',
        from: 'slope[1] <-- slopes[1];',
        to: 'slope[1] <-- 2 * start[1] / (start[0] - middle) - slope[0];',
      },
    ];
    await forge(pair, hints, [{ file, from: 'ChallengeLane()(lanes[n / 2], omegaNumber);', to: '' }], inputOf(wrong));
  });
});

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = modOrder(base), left = exponent; left > 0n; left >>= 1n, square = modOrder(square * square)) {
    if (left & 1n) result = modOrder(result * square);
  }
  return result;
}
