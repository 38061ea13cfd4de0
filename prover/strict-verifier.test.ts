// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { groth16 } from 'snarkjs';
import { outsideSubgroup } from '../circuits/testing/forged-key.ts';
import { FQ, FR } from '../protocol/field.ts';
import { parseProof, proofToJson } from '../protocol/proof.ts';
import type { VerificationKey } from '../protocol/verification-key.ts';
import type { RawProof } from './engine.ts';
import { SnarkjsEngine } from './snarkjs-engine.ts';
import { verifyStrictly, type RefusalReason } from './strict-verifier.ts';
import { productInput, testCatalog } from './testing/test-circuits.ts';

const engine = new SnarkjsEngine();
let key: VerificationKey;
let good: RawProof;

before(async () => {
  const catalog = await testCatalog();
  const product = catalog.circuits[0];
  assert.ok(product);
  key = product.verificationKey;
  const { input } = catalog.prepare('test-product', productInput(6n, 7n));
  good = await engine.prove(product.files, { input }, () => undefined, new AbortController().signal);
});
after(() => engine.close());

/** Anything at all: faults go below the types. */
type Loose = { proof: Record<string, unknown>; signals: unknown[] };

function fresh(): Loose {
  return structuredClone({ proof: good.proof, signals: good.publicSignals }) as unknown as Loose;
}

type Point = [unknown, unknown, unknown];
const point = (sample: Loose, name: string): Point => sample.proof[name] as Point;
const plus = (value: unknown, order: bigint): string => `${BigInt(value as string) + order}`;

/** On the twist, not in the subgroup. */
function pointOutsideSubgroup(): string[][] {
  return outsideSubgroup().map((pair) => pair.map(String));
}

const faults: [name: string, reason: RefusalReason, corrupt: (sample: Loose) => void][] = [
  ['a signal too few', 'SIGNAL_COUNT', ({ signals }) => signals.pop()],
  ['no signals', 'SIGNAL_COUNT', ({ signals }) => signals.splice(0)],
  ['a signal too many', 'SIGNAL_COUNT', ({ signals }) => signals.push('0')],
  ['a signal plus r', 'SIGNAL_OUT_OF_FIELD', ({ signals }) => (signals[0] = plus(signals[0], FR))],
  ['a signal of r', 'SIGNAL_OUT_OF_FIELD', ({ signals }) => (signals[0] = `${FR}`)],
  ['a signal of a million digits', 'SIGNAL_OUT_OF_FIELD', ({ signals }) => (signals[0] = '1'.repeat(1_000_000))],
  ['a signal with a leading zero', 'SIGNAL_NOT_CANONICAL', ({ signals }) => (signals[0] = '042')],
  ['a signal with a plus sign', 'SIGNAL_NOT_CANONICAL', ({ signals }) => (signals[0] = '+42')],
  ['a negative signal', 'SIGNAL_NOT_CANONICAL', ({ signals }) => (signals[0] = `${42n - FR}`)],
  ['a signal in hexadecimal', 'SIGNAL_NOT_CANONICAL', ({ signals }) => (signals[0] = '0x2a')],
  ['a signal with a space', 'SIGNAL_NOT_CANONICAL', ({ signals }) => (signals[0] = ' 42')],
  ['an empty signal', 'SIGNAL_NOT_CANONICAL', ({ signals }) => (signals[0] = '')],
  ['a signal that is a number', 'SIGNAL_NOT_CANONICAL', ({ signals }) => (signals[0] = 42)],
  ['another signal', 'PAIRING', ({ signals }) => (signals[0] = '43')],
  ['a negated a', 'PAIRING', (s) => (point(s, 'pi_a')[1] = `${FQ - BigInt(point(s, 'pi_a')[1] as string)}`)],
  ['a in the place of c', 'PAIRING', (s) => (s.proof['pi_c'] = s.proof['pi_a'])],
  ['a coordinate plus q', 'COORDINATE_OUT_OF_FIELD', (s) => (point(s, 'pi_a')[1] = plus(point(s, 'pi_a')[1], FQ))],
  ['a coordinate of c plus q', 'COORDINATE_OUT_OF_FIELD', (s) => (point(s, 'pi_c')[0] = plus(point(s, 'pi_c')[0], FQ))],
  ['a coordinate in G2 plus q', 'COORDINATE_OUT_OF_FIELD', (s) => {
    const x = point(s, 'pi_b')[0] as string[];
    x[1] = plus(x[1], FQ);
  }],
  ['a coordinate with a leading zero', 'COORDINATE_NOT_CANONICAL', (s) => (point(s, 'pi_a')[0] = `0${String(point(s, 'pi_a')[0])}`)],
  ['a coordinate that is a number', 'COORDINATE_NOT_CANONICAL', (s) => (point(s, 'pi_a')[0] = 1)],
  ['a point off the curve in G1', 'POINT_OFF_CURVE', (s) => (s.proof['pi_a'] = ['1', '1', '1'])],
  ['a point off the curve in c', 'POINT_OFF_CURVE', (s) => (s.proof['pi_c'] = ['1', '1', '1'])],
  ['a point off the twist', 'POINT_OFF_CURVE', (s) => (s.proof['pi_b'] = [['1', '2'], ['3', '4'], ['1', '0']])],
  ['a point of the twist outside the subgroup', 'POINT_OUTSIDE_SUBGROUP', (s) => (s.proof['pi_b'] = [...pointOutsideSubgroup(), ['1', '0']])],
  ['infinity as the EVM writes it', 'POINT_AT_INFINITY', (s) => (s.proof['pi_a'] = ['0', '0', '1'])],
  ['infinity as snarkjs writes it', 'POINT_AT_INFINITY', (s) => (s.proof['pi_c'] = ['0', '1', '0'])],
  ['infinity in G2', 'POINT_AT_INFINITY', (s) => (s.proof['pi_b'] = [['0', '0'], ['0', '0'], ['1', '0']])],
  ['the same point projectively', 'PROOF_MALFORMED', (s) => {
    const [x, y] = point(s, 'pi_a') as [string, string, string];
    s.proof['pi_a'] = [`${(BigInt(x) * 2n) % FQ}`, `${(BigInt(y) * 2n) % FQ}`, '2'];
  }],
  ['a coordinate too few', 'PROOF_MALFORMED', (s) => point(s, 'pi_a').pop()],
  ['a point missing', 'PROOF_MALFORMED', (s) => delete s.proof['pi_c']],
  ['an unknown field', 'PROOF_MALFORMED', (s) => (s.proof['extra'] = 1)],
  ['another protocol', 'PROOF_MALFORMED', (s) => (s.proof['protocol'] = 'plonk')],
  ['another curve', 'PROOF_MALFORMED', (s) => (s.proof['curve'] = 'bls12381')],
  ['G2 in the place of G1', 'PROOF_MALFORMED', (s) => (s.proof['pi_c'] = s.proof['pi_b'])],
]; // prettier-ignore

test('accepts a good proof', async () => {
  assert.deepEqual(await verifyStrictly(key, good.publicSignals, good.proof), { valid: true });
});

test('accepts the same proof made again from its points', async () => {
  const again = proofToJson(parseProof(good.proof));
  assert.deepEqual(await verifyStrictly(key, good.publicSignals, again), { valid: true });
});

for (const [name, reason, corrupt] of faults) {
  test(`refuses ${name} as ${reason}`, async () => {
    const sample = fresh();
    corrupt(sample);
    const verdict = await verifyStrictly(key, sample.signals, sample.proof);
    assert.equal(verdict.valid, false);
    assert.equal(verdict.reason, reason);
  });
}

test('refuses what is no array of signals or no proof at all', async () => {
  for (const nothing of [undefined, null, 'x', 7, {}]) {
    const bySignals = await verifyStrictly(key, nothing, good.proof);
    assert.deepEqual(bySignals.valid ? '' : bySignals.reason, 'SIGNAL_COUNT');
    const byProof = await verifyStrictly(key, good.publicSignals, nothing);
    assert.deepEqual(byProof.valid ? '' : byProof.reason, 'PROOF_MALFORMED');
  }
});

test('refuses every proof that snarkjs refuses, and some that it takes', async () => {
  const taken: string[] = [];
  for (const [name, , corrupt] of faults) {
    const sample = fresh();
    corrupt(sample);
    const theirs = await groth16.verify(key, sample.signals as string[], sample.proof).catch(() => false);
    if (theirs) taken.push(name);
  }
  for (const name of [
    'a coordinate plus q',
    'a coordinate with a leading zero',
    'a signal with a leading zero',
    'a signal in hexadecimal',
  ]) {
    assert.ok(taken.includes(name), `snarkjs takes ${name}: ${taken.join(', ')}`);
  }
});

test('agrees with snarkjs on random changes of one digit', async () => {
  for (let i = 0; i < 24; i++) {
    const sample = fresh();
    const name = (['pi_a', 'pi_c'] as const)[i % 2] ?? 'pi_a';
    const [x, y] = point(sample, name) as [string, string, string];
    const digits = [...(i % 4 < 2 ? x : y)];
    const at = 1 + ((i * 13) % (digits.length - 1));
    digits[at] = `${(Number(digits[at]) + 1) % 10}`;
    point(sample, name)[i % 4 < 2 ? 0 : 1] = digits.join('');
    const theirs = await groth16.verify(key, sample.signals as string[], sample.proof).catch(() => false);
    const { valid } = await verifyStrictly(key, sample.signals, sample.proof);
    assert.equal(valid, theirs);
  }
});

test("refuses a key with a point outside its group as the key's fault", async () => {
  const broken = {
    ...structuredClone(key),
    vk_delta_2: [...pointOutsideSubgroup(), ['1', '0']],
  } as unknown as VerificationKey;
  await assert.rejects(verifyStrictly(broken, good.publicSignals, good.proof), { code: 'INVALID_FIELD' });
});

test('is quick once the key is prepared', async () => {
  const times: number[] = [];
  for (let i = 0; i < 15; i++) {
    const from = performance.now();
    await verifyStrictly(key, good.publicSignals, good.proof);
    times.push(performance.now() - from);
  }
  const best = Math.min(...times);
  assert.ok(best < 20, `${best.toFixed(1)} ms`);
});
