// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { BASE8, SUBGROUP_ORDER } from '../protocol/eddsa.ts';
import { FR } from '../protocol/field.ts';
import { STATEMENT_KINDS } from './registry.ts';
import type { CircuitInput } from './statement-kind.ts';
import { Draw } from './testing/draw.ts';
import { fr, MESSAGE, quorumInput, rawQuorum } from './testing/fixtures.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { lowDigits, modP, multipleOfBase8, pointTable } from './testing/montgomery.ts';
import { multiply } from './testing/reference.ts';
import { signWith } from './testing/signing.ts';
import { templateInstance } from './testing/template-instance.ts';

/*
 * jacobian_full_rank_each_template: at an honest witness of its smallest instance, no wire of a template can be edited
 * alone, and none can move with the others while the inputs stand still.
 */

interface Case {
  readonly source: string;
  /** of testing/cases.circom where the template itself can't be a main component */
  readonly main?: string;
  readonly parameters?: readonly number[];
  /** inputs made public: the compiler drops a private one that equals another wire */
  readonly named?: readonly string[];
  readonly input: CircuitInput;
}

const draw = new Draw('templates');
const curve = (scalar: bigint): bigint[] => [...multipleOfBase8(scalar)];
const anyCurve = (count: number): bigint[] =>
  Array.from({ length: count }, () => curve(1n + draw.below(SUBGROUP_ORDER - 1n))).flat();
const square = ([u = 0n]: readonly bigint[]): bigint => modP(u * u);
const table = pointTable(multiply(BASE8, 5n));
const windows = { point: [...table.point], triple: [...table.triple], slope: table.slope, shift: table.shift };
const bits = (count: number): bigint[] => Array.from({ length: count }, () => draw.below(2n));

const product = ((): CircuitInput => {
  const [h, z] = [FR - 1n - draw.below(FR / 4n), 1n - 2n * draw.below(1n << 118n)];
  let e = modP(((z * h) % SUBGROUP_ORDER) + SUBGROUP_ORDER) % SUBGROUP_ORDER;
  if (e % 2n === 0n) e -= SUBGROUP_ORDER;
  return { h, z: modP(z), e: modP(e), eLow: modP(lowDigits(e, 126, 65, true)) };
})();

const sum = ((): CircuitInput => {
  const z = [3n, (1n << 119n) + 1n];
  const s = [draw.below(1n << 250n), draw.below(1n << 250n)];
  const low = (value: bigint, of: bigint): bigint => value % (1n << of);
  const offset = draw.below(1n << 239n);
  const total = (offset + 3n * (s[0] ?? 0n) + (z[1] ?? 0n) * (s[1] ?? 0n)) % SUBGROUP_ORDER;
  const sLow = s.map((value) => modP(low(value, 125n) - ((value >> 124n) & 1n) * (1n << 125n)));
  return { z, s, sLow, offset, offsetLow: low(offset, 126n), total, totalLow: low(total, 126n) };
})();

const signature = (
  scalar: bigint,
): { ax: bigint; ay: bigint; r8x: bigint; r8y: bigint; s: bigint; message: bigint } => {
  const { x, y } = multiply(BASE8, scalar);
  const { r8, s } = signWith(scalar, { x, y }, MESSAGE, scalar * scalar);
  return { ax: x, ay: y, r8x: r8.x, r8y: r8.y, s, message: MESSAGE };
};
const batch = ((): CircuitInput => {
  const both = [signature(7n), signature(11n)];
  const of = (name: 'ax' | 'ay' | 'r8x' | 'r8y' | 's' | 'message'): bigint[] => both.map((one) => one[name]);
  return { ax: of('ax'), ay: of('ay'), r8x: of('r8x'), r8y: of('r8y'), s: of('s'), message: of('message') };
})();

const quorum4 = ((): CircuitInput => {
  const raw = rawQuorum(quorumInput([100n, 100n, 100n, 100n], [0, 1, 2]));
  for (const name of ['present', 'keyX', 'keyY', 'stake', 'r8x', 'r8y', 's'])
    raw.put(name, raw.array(name).slice(0, 4));
  return raw.recommit().input;
})();

const lane = fr('lane');
const base8Xy = multiply(BASE8, 5n);
const start = anyCurve(1);
const cases: Readonly<Record<string, Case>> = {
  AggregatedScalar: { source: 'lib/aggregated_scalar.circom', parameters: [2], input: sum },
  AssertAtMost: { source: 'lib/assert_at_most.circom', parameters: [14, 12388], input: { in: 5000n } },
  AssertNonZero: { source: 'lib/assert_non_zero.circom', input: { in: 5n } },
  AssertQuorum: {
    source: 'lib/assert_quorum.circom',
    parameters: [71],
    input: { signedStake: 300n, totalStake: 400n, share: 20_000n },
  },
  Binary: { source: 'lib/binary.circom', named: ['in'], input: { in: 1n } },
  CanonicalSign: {
    source: 'testing/cases.circom',
    main: 'CanonicalSignOfBit',
    input: { limb: [7n, 1n, 2n, 3n, 4n, 5n, 6n, (1n << 31n) - 1n], sign: 1n },
  },
  ChallengeBits: { source: 'lib/nonnative/challenge_bits.circom', input: { lane } },
  ChallengeLimbs: { source: 'lib/nonnative/challenge_bits.circom', input: { lane } },
  ChallengeLane: { source: 'lib/challenge_lane.circom', input: { lane, number: lane % (1n << 240n) } },
  ChallengeProduct: { source: 'lib/challenge_product.circom', input: product },
  EddsaPoseidonBatch: { source: 'lib/eddsa_poseidon_batch.circom', parameters: [2], input: batch },
  EddsaPoseidonVerify: { source: 'testing/cases.circom', main: 'EnabledSignature', input: signature(7n) },
  EvaluatedData: {
    source: 'lib/evaluated_data.circom',
    parameters: [3],
    input: { tag: 1n, words: [2n, 3n, 4n], challenge: lane },
  },
  FixedBase: { source: 'testing/cases.circom', main: 'FixedBase8', parameters: [84, 42], input: { bits: bits(252) } },
  KeyPoint: { source: 'lib/key_point.circom', input: { ax: base8Xy.x, ay: base8Xy.y } },
  MirroredBits: { source: 'testing/cases.circom', main: 'MirroredScalar', input: { in: SUBGROUP_ORDER - 12345n } },
  MontgomeryDouble: { source: 'lib/montgomery_double.circom', input: { in: start, uSquared: square(start) } },
  MontgomerySum: { source: 'lib/montgomery_sum.circom', parameters: [3, 1], input: { start, points: anyCurve(3) } },
  NativeBits: { source: 'lib/nonnative/native_bits.circom', parameters: [5], input: { in: 21n } },
  NativeSplit: { source: 'lib/nonnative/native_split.circom', parameters: [3, 4], input: { in: 77n } },
  NoncePoint: { source: 'lib/nonce_point.circom', input: { r8x: base8Xy.x, r8y: base8Xy.y } },
  PointTable: {
    source: 'lib/point_table.circom',
    input: { point: [...table.point], uSquared: square(table.point) },
  },
  PoseidonHash: { source: 'lib/poseidon_hash.circom', parameters: [3], input: { inputs: [1n, 2n, 3n] } },
  PoseidonPermutation: {
    source: 'lib/poseidon_permutation.circom',
    parameters: [2, 3],
    input: { inputs: [1n, 2n], initialState: 3n },
  },
  PoseidonSponge: { source: 'lib/sponge.circom', parameters: [3, 2], input: { tag: 5n, in: [1n, 2n, 3n] } },
  QuaternaryPlace: {
    source: 'testing/cases.circom',
    main: 'PlaceOfTwo',
    input: { child: 5n, siblings: [6n, 7n, 8n], low: 0n, high: 1n },
  },
  RangeCheck: { source: 'lib/range_check.circom', parameters: [3], input: { in: 5n } },
  ScalarBelowOrder: {
    source: 'lib/ed25519/scalar_below_order.circom',
    input: { limb: [9n, 8n, 7n, 6n, 0n, 0n, 0n, 1n << 28n] },
  },
  SetCommitment: { source: 'lib/set_commitment.circom', input: { root: 1n, capacity: 16n, epoch: 7n } },
  SignedWindows: {
    source: 'lib/signed_windows.circom',
    parameters: [4, 2, 1],
    input: { ...windows, value: modP(-27n) },
  },
  StrausSum: {
    source: 'lib/straus_sum.circom',
    parameters: [1],
    input: { start: anyCurve(1), nonceDigits: anyCurve(60), keyDigits: anyCurve(126) },
  },
  Transcript: { source: 'lib/transcript.circom', parameters: [2, 2], input: { h: [1n, 2n], s: [3n, 4n] } },
  ValidatorLeaf: { source: 'lib/validator_leaf.circom', input: { keyX: 1n, keyY: 2n, stake: 3n } },
  ValidatorRoot: {
    source: 'lib/validator_root.circom',
    parameters: [8],
    input: { leaves: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n] },
  },
  Quorum: { source: 'statements/quorum/quorum.circom', parameters: [4], input: quorum4 },
};

/** Their tests have the same, at every capacity or form there is. */
const ELSEWHERE = ['Ed25519', 'Equivocation', 'Registration', 'SignedSlots', 'SlotWords'];

for (const [name, { source, main, parameters = [], named = [], input }] of Object.entries(cases)) {
  test(`jacobian_full_rank_each_template: ${name}`, async () => {
    const template = main ?? name;
    const kind = STATEMENT_KINDS.find((one) => one.template === template);
    const publicSignals = kind?.publicSignals.map((signal) => signal.name) ?? named;
    const circuit = await CircuitUnderTest.of(templateInstance(source, template, parameters, { publicSignals }));
    await circuit.expectDetermined(input);
  });
}

/**
 * Templates of the library's folders without hints of their own, whose relations say something only within a whole: that
 * is tried, honestly and by attacks.
 */
const PARTS: Readonly<Record<string, string>> = {
  Comb: 'Ed25519Batch',
  CurveAdd: 'Ed25519Batch',
  CurveDouble: 'Ed25519Batch',
  OddMultiples: 'Ed25519Batch',
  StrausEd25519: 'Ed25519Batch',
  DigitsEvaluation: 'Ed25519Batch',
  Evaluation: 'ZeroModulo',
  LimbElement: 'NonnativeTranscript',
  PackedWord: 'PackedBits',
};

/** Files of a folder below circuits/, with its subfolders'. */
async function filesIn(folder: string, ending: string): Promise<{ file: string; text: string }[]> {
  const names = await readdir(path.join(import.meta.dirname, folder), { recursive: true });
  const files = names.filter((name) => name.endsWith(ending)).map((name) => path.join(folder, name));
  return Promise.all(
    files.map(async (file) => ({ file, text: await readFile(path.join(import.meta.dirname, file), 'utf8') })),
  );
}

test('no template is left out', async () => {
  const here: string[] = [];
  const elsewhere: string[] = [];
  const tests = (await filesIn('.', '.test.ts')).filter(({ file }) => file !== path.basename(import.meta.filename));
  const isCompiled = (template: string): boolean => tests.some(({ text }) => text.includes(`'${template}'`));
  const wrappers = (await filesIn('testing', '.circom')).flatMap(({ text }) => [
    ...text.matchAll(/^template (\w+)([\s\S]*?)^}/gm),
  ]);
  /** Compiled by a test, by itself or in a template of testing/. */
  const isTried = (template: string): boolean =>
    isCompiled(template) ||
    wrappers.some(([, name = '', body = '']) => isCompiled(name) && new RegExp(`\\b${template}\\(`).test(body));
  for (const folder of ['lib', ...STATEMENT_KINDS.map(({ source }) => path.dirname(source))]) {
    for (const { file, text } of await filesIn(folder, '.circom')) {
      for (const [, template = ''] of text.matchAll(/^template (\w+)/gm)) {
        if (path.dirname(file) === folder || template in cases) here.push(template);
        else {
          elsewhere.push(template);
          const whole = PARTS[template] ?? template;
          assert.ok(isTried(whole), `${file}: no test compiles ${whole}`);
          assert.ok(whole === template || !text.includes('<--'), `${file}: ${template} has hints of its own`);
        }
      }
    }
  }
  assert.deepEqual(here.sort(), [...Object.keys(cases), ...ELSEWHERE].sort());
  for (const part of Object.keys(PARTS)) assert.ok(elsewhere.includes(part), `${part} is no template any more`);
});

test('MirroredBits over the whole field, both halves', async () => {
  const circuit = await CircuitUnderTest.of(
    templateInstance('lib/mirrored_bits.circom', 'MirroredBits', [253, 130, 0]),
  );
  for (const value of [0n, 1n, (FR - 1n) / 2n, (FR + 1n) / 2n, FR - 1n, 1n << 253n, FR - (1n << 253n)]) {
    const [, mirrored = -1n, low = -1n] = await circuit.expectPass({ in: value });
    const signed = low > FR / 2n ? low - FR : low;
    assert.equal(mirrored, value > FR / 2n ? 1n : 0n);
    const v = mirrored ? FR - 1n - value : value;
    assert.equal((((mirrored ? -signed : signed) - v) % (1n << 130n)).toString(), '0');
    assert.ok(signed <= 1n << 129n && signed >= -(1n << 129n));
  }
  await circuit.expectDetermined({ in: FR - 5n });
});
