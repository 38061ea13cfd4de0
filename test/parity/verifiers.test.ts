// SPDX-License-Identifier: GPL-3.0-or-later

/** The strict verifier and the Solidity ones behind `VerifierRegistry` give the same answer on the same numbers. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bn254 as noble } from '@noble/curves/bn254.js';
import { concat, toHex } from 'viem';
import { outsideSubgroup } from '../../circuits/testing/forged-key.ts';
import { FQ, toFr } from '../../protocol/field.ts';
import { proofToJson, type Proof } from '../../protocol/proof.ts';
import type { VerificationKey } from '../../protocol/verification-key.ts';
import { verifyStrictly } from '../../prover/strict-verifier.ts';
import { startAnvil, type Anvil } from '../../relayer/testing/anvil.ts';
import { DEFAULT_HOME } from '../../runtime/common-config.ts';
import { CircuitKeys } from '../../verifier-api/statements/circuit-keys.ts';
import { verifyClaim } from '../../verifier-api/statements/verify-claim.ts';
import { goodProofs, type ProvedCircuit } from './good-proofs.ts';
import { fromG1, fromG2, g2, torsionPoint, type G1, type G2 } from './points.ts';
import { connect, Registry, type Client } from './registry.ts';
import { rerandomise } from './rerandomise.ts';
import { acceptable, faulty, flipped, type Sample } from './samples.ts';

const CIRCUITS = ['registration', 'equivocation', 'quorum-16'] as const satisfies readonly ProvedCircuit[];
/** Flipped in each number of proof and signals. */
const BITS = 64;

let good: Awaited<ReturnType<typeof goodProofs>>;
let anvil: Anvil | undefined;
let client: Client;
let registry: Registry;

before(async () => {
  [good, anvil] = await Promise.all([goodProofs(), startAnvil()]);
  client = connect(anvil.url);
  registry = await Registry.deploy(
    client,
    CIRCUITS.map((circuit) => good[circuit].key),
  );
});
after(async () => {
  await anvil?.stop();
});

/** What both say of it, which must be the same. */
async function agreed(circuit: ProvedCircuit, name: string, sample: Sample): Promise<boolean> {
  const { key } = good[circuit];
  const verdict = await verifyStrictly(key.verificationKey, sample.signals.map(String), proofToJson(sample.proof));
  const contract = await registry.accepts(key, sample);
  assert.equal(verdict.valid, contract, `${name}: ours ${JSON.stringify(verdict)}, on chain ${contract}`);
  return contract;
}

const otherThan = (circuit: ProvedCircuit): ProvedCircuit =>
  circuit === 'registration' ? 'equivocation' : 'registration';

/** What the sample's verdict is for points outside the subgroup, where the pairing would say no as well. */
async function reasonOf(circuit: ProvedCircuit, { proof, signals }: Sample): Promise<string> {
  const verdict = await verifyStrictly(good[circuit].key.verificationKey, signals.map(String), proofToJson(proof));
  return verdict.valid ? 'valid' : verdict.reason;
}

for (const circuit of CIRCUITS) {
  test(`${circuit}: both accept every proof of the claim, re-randomised or not`, async () => {
    const samples = acceptable(good[circuit].key.verificationKey, good[circuit].sample);
    for (const [name, sample] of samples) assert.equal(await agreed(circuit, name, sample), true, name);
    assert.equal(new Set(samples.map(([, { proof }]) => String(proof.c))).size, samples.length - 1, 'other bytes each');
  });

  test(`${circuit}: both refuse whatever has one fault`, async (t) => {
    const samples = faulty(good[circuit].sample, good[otherThan(circuit)].sample);
    for (const [name, sample] of samples) {
      assert.equal(await agreed(circuit, name, sample), false, name);
      const outside = /subgroup|cofactor/.test(name);
      assert.equal((await reasonOf(circuit, sample)) === 'POINT_OUTSIDE_SUBGROUP', outside, name);
    }
    assert.ok(samples.some(([name]) => /subgroup/.test(name)));
    t.diagnostic(`${samples.length} faults`);
  });

  test(`${circuit}: both refuse a flipped bit in any number of proof or signals`, async (t) => {
    const samples = flipped(good[circuit].sample, BITS);
    for (const [name, sample] of samples) assert.equal(await agreed(circuit, name, sample), false, name);
    t.diagnostic(`${samples.length} flips`);
  });

  test(`${circuit}: a proof made again by somebody else has the same statement id`, async () => {
    const { key, sample } = good[circuit];
    const keys = new CircuitKeys(DEFAULT_HOME, 'development');
    const again = rerandomise(key.verificationKey, sample.proof, 123_456_789n, 42n);
    assert.notDeepEqual(again, sample.proof);
    const publicSignals = sample.signals.map((signal) => toFr(signal, 'signal'));
    const [first, second] = await Promise.all(
      [sample.proof, again].map((proof) => verifyClaim(keys, { circuit, publicSignals, proof: proofToJson(proof) })),
    );
    assert.ok(first?.verdict.valid && second?.verdict.valid);
    assert.equal(second.claim.statement, first.claim.statement);
  });
}
/** The EVM's pairing precompile (EIP-197) on the equation that a generated verifier hands it; false when it fails. */
async function precompile(pairs: readonly (readonly [G1, G2])[]): Promise<boolean> {
  const words = pairs.flatMap(([[x, y], [[x0, x1], [y0, y1]]]) => [x, y, x1, x0, y1, y0]);
  const data = concat(words.map((word) => toHex(word, { size: 32 })));
  return client.call({ to: '0x0000000000000000000000000000000000000008', data }).then(
    (result) => BigInt(result.data ?? 0) === 1n,
    (error: unknown) => {
      assert.match(String(error), /PrecompileError/);
      return false;
    },
  );
}

test('both accept a proof at infinity that the secrets of its key make hold', async () => {
  const base1 = noble.G1.Point.BASE;
  const base2 = noble.G2.Point.BASE;
  const [alpha, beta, gamma, delta, constant, factor, signal] = [3n, 5n, 7n, 11n, 13n, 17n, 42n];
  const claim = constant + factor * signal;
  const text1 = ([x, y]: G1) => [`${x}`, `${y}`, '1'] as const;
  const text2 = ([x, y]: G2) => [[`${x[0]}`, `${x[1]}`], [`${y[0]}`, `${y[1]}`], ['1', '0']] as const; // prettier-ignore
  const open: VerificationKey = {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: 1,
    vk_alpha_1: text1(fromG1(base1.multiply(alpha))),
    vk_beta_2: text2(fromG2(base2.multiply(beta))),
    vk_gamma_2: text2(fromG2(base2.multiply(gamma))),
    vk_delta_2: text2(fromG2(base2.multiply(delta))),
    IC: [constant, factor].map((n) => text1(fromG1(base1.multiply(n)))),
  };
  const infinity1: G1 = [0n, 0n];
  const infinity2: G2 = [[0n, 0n], [0n, 0n]]; // prettier-ignore
  const withC =
    noble.fields.Fr.ORDER - (((alpha * beta + claim * gamma) * noble.fields.Fr.inv(delta)) % noble.fields.Fr.ORDER);
  const samples: [Proof, boolean][] = [
    [{ a: fromG1(base1.multiply(alpha * beta + claim * gamma)), b: fromG2(base2), c: infinity1 }, true],
    [{ a: infinity1, b: fromG2(base2), c: fromG1(base1.multiply(withC)) }, true],
    [{ a: fromG1(base1), b: infinity2, c: fromG1(base1.multiply(withC)) }, true],
    [{ a: infinity1, b: infinity2, c: infinity1 }, false],
    // The equation holds, because the pairing with infinity is one: only the check of the subgroup refuses these.
    [{ a: infinity1, b: outsideSubgroup(), c: fromG1(base1.multiply(withC)) }, false],
    [{ a: infinity1, b: torsionPoint(1n), c: fromG1(base1.multiply(withC)) }, false],
    [{ a: infinity1, b: fromG2(base2.add(g2(torsionPoint(1n)))), c: fromG1(base1.multiply(withC)) }, false],
  ];
  for (const [proof, expected] of samples) {
    const [ax, ay] = proof.a;
    const contract = await precompile([
      [[ax, (FQ - ay) % FQ], proof.b],
      [fromG1(base1.multiply(claim)), fromG2(base2.multiply(gamma))],
      [proof.c, fromG2(base2.multiply(delta))],
      [fromG1(base1.multiply(alpha)), fromG2(base2.multiply(beta))],
    ]);
    const { valid } = await verifyStrictly(open, [`${signal}`], proofToJson(proof));
    assert.deepEqual({ ours: valid, contract }, { ours: expected, contract: expected });
  }
});
