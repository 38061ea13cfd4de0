// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FR } from '../protocol/field.ts';
import type { Instance } from './compile.ts';
import { fr } from './testing/fixtures.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { refPoseidon } from './testing/reference.ts';
import { templateInstance } from './testing/template-instance.ts';

/** Partial rounds of circomlib's Poseidon by number of inputs. */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];

const instance = (template: string, source: string, ...parameters: number[]): Instance =>
  templateInstance(source, template, parameters, { publicSignals: ['inputs'] });
const inputs = (n: number, label: string): bigint[] => Array.from({ length: n }, (_, i) => fr(`${label} ${i}`));

/** Inputs and outputs of those we use, and one input. */
const widths = [...[1, 2, 3, 4, 5].map((n) => [n, 1] as const), [16, 17] as const];

describe('Poseidon', () => {
  for (const [n, outs] of widths) {
    test(`over ${n} inputs agrees with circomlib's in ${outs} outputs`, async () => {
      const twins = await CircuitUnderTest.of(instance('PoseidonTwins', 'testing/poseidon_twins.circom', n, outs));
      for (const values of [inputs(n, 'a'), inputs(n, 'b'), Array.from({ length: n }, () => FR - 1n)])
        await twins.expectPass({ inputs: values, initialState: fr('state') });
      await twins.expectPass({ inputs: new Array<bigint>(n).fill(0n), initialState: 0n });
    });
  }

  test('is the hash of the reference, in three constraints a fifth power', async () => {
    for (const n of [2, 5]) {
      const hash = await CircuitUnderTest.of(instance('PoseidonHash', 'lib/poseidon_hash.circom', n));
      const witness = await hash.expectPass({ inputs: inputs(n, 'a') });
      assert.equal(witness[1], refPoseidon(inputs(n, 'a')));
      // The first fifth power is a constant's.
      assert.equal(hash.r1cs.constraints, 3 * (8 * (n + 1) + (PARTIAL_ROUNDS[n - 1] ?? 0) - 1));
    }
  });

  test('leaves no wire free', async () => {
    const permutation = await CircuitUnderTest.of(
      instance('PoseidonPermutation', 'lib/poseidon_permutation.circom', 1, 2),
    );
    await permutation.expectDetermined({ inputs: [fr('a')], initialState: fr('state') });
  });
});
