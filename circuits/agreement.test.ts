// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { buildEddsa, type FieldPoint } from 'circomlibjs';
import type { Point } from '../protocol/eddsa.ts';
import { WitnessError } from './circuit-error.ts';
import type { Instance } from './compile.ts';
import { firstUnsatisfied } from './r1cs.ts';
import { batchInput, batchInstance } from './testing/batch-input.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { OddSignatures, type Presented } from './testing/odd-signatures.ts';
import { multiply, sameXY } from './testing/reference.ts';
import { calculateWitness, compileWitnessProgram, witnessValues } from './witness.ts';

/*
 * The circuit's verdict on a signature is circomlibjs's verifyPoseidon's, keys of order dividing 8 aside, which the
 * circuit refuses. Doubtful signatures are put to it one at a time, beside a good one; good ones sixteen at a time.
 *
 * PHALANX_AGREEMENT=20000 node --import tsx --test circuits/agreement.test.ts     that many signatures, others each day
 */
const count = Number(process.env.PHALANX_AGREEMENT ?? 1600);
const seed = process.env.PHALANX_AGREEMENT ? new Date().toISOString().slice(0, 10) : 'agreement';

const text = (presented: unknown): string =>
  JSON.stringify(presented, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

/** A circuit's program, and whether it finds a witness; every hundredth is also held against the constraints. */
async function verdicts(instance: Instance): Promise<(presented: readonly Presented[]) => Promise<boolean>> {
  const { files, r1cs } = await CircuitUnderTest.of(instance);
  const program = await compileWitnessProgram(await readFile(files.wasmPath));
  let calls = 0;
  return async (presented) => {
    try {
      const witness = await calculateWitness(program, batchInput(presented));
      if (calls++ % 100 === 0) assert.equal(firstUnsatisfied(r1cs, witnessValues(witness)), -1);
      return true;
    } catch (error) {
      if (error instanceof WitnessError && error.message.startsWith('constraint fails')) return false;
      throw error;
    }
  };
}

test(`native_agreement_fuzz: circuit and verifyPoseidon agree on ${count} signatures`, async (t) => {
  const [sixteen, two, eddsa] = await Promise.all([
    verdicts(batchInstance(16)),
    verdicts(batchInstance(2)),
    buildEddsa(),
  ]);
  const { F } = eddsa.babyJub;
  const field = ({ x, y }: Point): FieldPoint => [F.e(x), F.e(y)];
  const expected = ({ key, message, signature: { r8, s } }: Presented): boolean =>
    eddsa.verifyPoseidon(F.e(message), { R8: field(r8), S: s }, field(key)) &&
    !sameXY(multiply(key, 8n), { x: 0n, y: 1n });

  const signatures = new OddSignatures(seed);
  const seen = new Map<string, [wrong: number, right: number]>();
  for (let made = 0; made < count; made += 32) {
    const good = Array.from({ length: 16 }, () => signatures.good());
    const all = text(good);
    assert.ok(good.every(expected), all);
    assert.equal(await sixteen(good), true, all);
    for (let i = 0; i < 16; i++) {
      const odd = signatures.odd();
      const right = expected(odd);
      const pair = i % 2 ? [signatures.good(), odd] : [odd, signatures.good()];
      assert.equal(await two(pair), right, text(odd));
      const tally = seen.get(odd.name) ?? [0, 0];
      tally[right ? 1 : 0]++;
      seen.set(odd.name, tally);
    }
    if (process.env.PHALANX_AGREEMENT && made % 1600 === 0) t.diagnostic(`${made + 32} signatures agree`);
  }
  for (const [name, [wrong, right]] of seen) t.diagnostic(`${name}: ${wrong} wrong, ${right} right`);
  const wrong = [...seen.values()].reduce((sum, [one]) => sum + one, 0);
  assert.ok(wrong > count / 3, 'many are wrong');
});
