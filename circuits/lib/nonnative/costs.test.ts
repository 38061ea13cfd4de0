// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CircuitUnderTest } from '../../testing/harness.ts';

/** Constraints under `--O1`, as the README has them; of NonnativeTranscript, ZeroModulo and whole batches elsewhere. */
const COSTS: readonly (readonly [
  file: string,
  template: string,
  parameters: readonly number[],
  constraints: number,
])[] = [
  ['native_bits', 'NativeBits', [31], 31],
  ['native_split', 'NativeSplit', [3, 4], 7],
  ['limb_element', 'LimbElement', [8, 32, 31], 255 + 1],
  ['limb_element', 'LimbElement', [16, 32, 32], 512 + 2],
  ['challenge_bits', 'ChallengeBits', [], 262],
  ['challenge_bits', 'ChallengeLimbs', [], 262],
  ['evaluation', 'Evaluation', [8], 7],
  ['evaluation', 'DigitsEvaluation', [252, 1, 32], 7],
  ['combination', 'Combination', [6, 3], 6 + 3 + 1],
];

for (const [file, template, parameters, constraints] of COSTS) {
  test(`${template}(${parameters.join(', ')}): ${constraints} constraints`, async () => {
    const source = `lib/nonnative/${file}.circom`;
    const id = `cost-${template}-${parameters.join('-')}`;
    const instance = { id, source, template, parameters, publicSignals: [], flags: ['--O1'] };
    assert.equal((await CircuitUnderTest.of(instance)).r1cs.constraints, constraints);
  });
}
