// SPDX-License-Identifier: GPL-3.0-or-later

/** The native engine's verdicts on points, beside the reference's in WebAssembly. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nativePaths } from '../circuits/native/load.ts';
import { FQ, FR } from '../protocol/field.ts';
import type { Proof } from '../protocol/proof.ts';
import type { VerificationKey } from '../protocol/verification-key.ts';
import { prepareNativeVerifier } from './native-verifier.ts';
import type { PointsVerdict, PointsVerifier } from './points-verifier.ts';
import { verifyManyStrictly, verifyStrictly, type Verdict } from './strict-verifier.ts';
import { forgeKey, g2, outsideSubgroup } from '../circuits/testing/forged-key.ts';
import { prepareWasmVerifier } from './wasm-verifier.ts';

const paths = nativePaths();
const skip = paths.length === 0 && 'the native engine is not built here';

const forged = forgeKey(3);
const SIGNALS = [1n, FR - 1n, 2n ** 200n];

type Loose = { proof: Proof; signals: bigint[] };
const fresh = (blind = 3n): Loose => ({ proof: forged.prove(SIGNALS, blind), signals: [...SIGNALS] });
const INFINITY_2: Proof['b'] = [[0n, 0n], [0n, 0n]]; // prettier-ignore

const cases: [name: string, change: (sample: Loose) => void][] = [
  ['a good proof', () => undefined],
  ['another signal', (s) => (s.signals[0] = 2n)],
  ['signals exchanged', (s) => s.signals.reverse()],
  ['a negated', (s) => (s.proof = { ...s.proof, a: [s.proof.a[0], FQ - s.proof.a[1]] })],
  ['a and c exchanged', (s) => (s.proof = { ...s.proof, a: s.proof.c, c: s.proof.a })],
  ['another b', (s) => (s.proof = { ...s.proof, b: g2(77n) })],
  ['a off the curve', (s) => (s.proof = { ...s.proof, a: [1n, 1n] })],
  ['b off the twist', (s) => (s.proof = { ...s.proof, b: [[1n, 2n], [3n, 4n]] })],
  ['c off the curve', (s) => (s.proof = { ...s.proof, c: [0n, 1n] })],
  ['a and c off the curve', (s) => (s.proof = { ...s.proof, a: [5n, 1n], c: [0n, 1n] })],
  ['b outside the subgroup', (s) => (s.proof = { ...s.proof, b: outsideSubgroup() })],
  ['b outside the subgroup and c off the curve', (s) => (s.proof = { ...s.proof, b: outsideSubgroup(), c: [0n, 1n] })],
  ['a at infinity', (s) => (s.proof = { ...s.proof, a: [0n, 0n] })],
  ['b at infinity', (s) => (s.proof = { ...s.proof, b: INFINITY_2 })],
  ['c at infinity', (s) => (s.proof = { ...s.proof, c: [0n, 0n] })],
  ['a and c at infinity', (s) => (s.proof = { ...s.proof, a: [0n, 0n], c: [0n, 0n] })],
  ['everything at infinity', (s) => (s.proof = { a: [0n, 0n], b: INFINITY_2, c: [0n, 0n] })],
  // Only who knows the secrets can make these.
  ['a at infinity, and the equation holds', (s) => (s.proof = { ...s.proof, a: [0n, 0n], c: forged.closing(SIGNALS, 0n) })],
  ['b at infinity, and the equation holds', (s) => (s.proof = { ...s.proof, b: INFINITY_2, c: forged.closing(SIGNALS, 0n) })],
  ['b outside the subgroup beside infinity, and the equation holds', (s) => {
    s.proof = { a: [0n, 0n], b: outsideSubgroup(), c: forged.closing(SIGNALS, 0n) };
  }],
]; // prettier-ignore

const samples = cases.map(([name, change]) => {
  const sample = fresh();
  change(sample);
  return { name, ...sample };
});

describe('native verifier', { skip }, () => {
  for (const path of paths) {
    const both = async (): Promise<{ native: PointsVerifier; wasm: PointsVerifier }> => {
      const native = await prepareNativeVerifier(forged.key, path);
      assert.ok(native);
      return { native, wasm: await prepareWasmVerifier(forged.key) };
    };

    test(`${path}: each verdict is the reference's, by itself, among others, and in a batch`, async () => {
      const { native, wasm } = await both();
      const expected = await wasm.judgeMany(samples);
      const alone: PointsVerdict[] = [];
      for (const { proof, signals } of samples) alone.push(await native.judge(proof, signals));
      const among = await Promise.all(samples.map(({ proof, signals }) => native.judge(proof, signals)));
      const batch = await native.judgeMany(samples);
      samples.forEach(({ name }, i) => {
        assert.deepEqual(alone[i], expected[i], name);
        assert.deepEqual(among[i], expected[i], `${name}, among others`);
        assert.deepEqual(batch[i], expected[i], `${name}, in a batch`);
      });
      const faults = new Set(expected.map(({ fault }) => fault));
      assert.deepEqual([...faults].sort(), [
        'PAIRING',
        'POINT_AT_INFINITY',
        'POINT_OFF_CURVE',
        'POINT_OUTSIDE_SUBGROUP',
        undefined,
      ]);
    });

    test(`${path}: random proofs, every third of them wrong`, async () => {
      const { native } = await both();
      const proofs = Array.from({ length: 60 }, (_, i) => {
        const signals = [BigInt(i), 2n ** BigInt(i), FR - BigInt(1 + i)];
        const proof = forged.prove(signals, BigInt(2 + i));
        return i % 3 === 1 ? { proof, signals: signals.with(i % 2, 5n ** 60n) } : { proof, signals };
      });
      const expected = proofs.map((_, i) => ({ fault: i % 3 === 1 ? 'PAIRING' : undefined }));
      assert.deepEqual(await native.judgeMany(proofs), expected);
      assert.deepEqual(await Promise.all(proofs.map(({ proof, signals }) => native.judge(proof, signals))), expected);
    });

    test(`${path}: a key with a point outside its group is refused as the reference refuses it`, async () => {
      const b = outsideSubgroup().map((pair) => pair.map(String));
      const broken: [string, Partial<VerificationKey>][] = [
        ['vk_alpha_1', { vk_alpha_1: ['1', '1', '1'] }],
        ['vk_beta_2', { vk_beta_2: [...b, ['1', '0']] as unknown as VerificationKey['vk_beta_2'] }],
        ['vk_delta_2', { vk_delta_2: [['0', '0'], ['0', '0'], ['1', '0']] }],
        ['IC[1]', { IC: forged.key.IC.with(1, ['0', '0', '1']) }],
        ['vk_gamma_2', { vk_gamma_2: [...forged.key.vk_gamma_2.slice(0, 2), ['2', '0']] as unknown as VerificationKey['vk_gamma_2'] }],
        ['IC', { IC: forged.key.IC.slice(1) }],
      ]; // prettier-ignore
      for (const [field, change] of broken) {
        await assert.rejects(prepareNativeVerifier({ ...forged.key, ...change }, path), {
          code: 'INVALID_FIELD',
          field,
        });
      }
    });
  }

  test('the strict verifier gives the same verdict one by one and of many, malformed ones among them', async () => {
    const key = forged.key;
    const claimed = samples.map(({ proof, signals }) => forged.claimed(proof, signals));
    const good = forged.claimed(fresh().proof, SIGNALS);
    claimed.splice(1, 0, { ...good, publicSignals: good.publicSignals.slice(1) });
    claimed.splice(5, 0, { ...good, publicSignals: good.publicSignals.with(0, String(FR + 1n)) });
    claimed.splice(9, 0, {
      ...good,
      proof: { ...good.proof, pi_a: [`0${good.proof.pi_a[0]}`, good.proof.pi_a[1], '1'] },
    });
    const single: Verdict[] = [];
    for (const { publicSignals, proof } of claimed) single.push(await verifyStrictly(key, publicSignals, proof));
    assert.deepEqual(await verifyManyStrictly(key, claimed), single);
    assert.equal(single.filter(({ valid }) => valid).length, 3);
    assert.deepEqual(
      [1, 5, 9].map((i) => (single[i]?.valid === false ? single[i].reason : undefined)),
      ['SIGNAL_COUNT', 'SIGNAL_OUT_OF_FIELD', 'COORDINATE_NOT_CANONICAL'],
    );
    assert.deepEqual(await verifyManyStrictly(key, []), []);
  });

  test('the check of the subgroup has no factor in common with the cofactor', () => {
    // The argument beside `inSubgroup` in prover/native/src/pairing/miller_loop.hpp.
    const x = 4965661367192848881n;
    const [q, r, t] = [FQ, FR, 6n * x * x + 1n];
    assert.equal(q + 1n - t, r);
    const cofactor = 2n * q - r;
    const a = t * t - t + 1n - q;
    const b = 6n * x + 2n + q - t * q;
    const n = a * a * q + a * b * t + b * b;
    assert.equal(n % r, 0n);
    assert.notEqual((n / r) % r, 0n);
    assert.equal(gcd(n, cofactor), 1n);
    assert.equal(gcd(r, cofactor), 1n);
    assert.equal((6n * x + 2n + q - q * q + q * q * q) % r, 0n);
  });
});

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}
