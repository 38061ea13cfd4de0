// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FR } from '../protocol/field.ts';
import { poseidonSponge } from './hints/sponge.ts';
import { refSponge } from './testing/batch-reference.ts';
import { fr } from './testing/fixtures.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { templateInstance } from './testing/template-instance.ts';

const inputs = (n: number): bigint[] => Array.from({ length: n }, (_, i) => fr(`sponge ${i}`));

/** Absorbed and given: below, at and above one block of each. */
const shapes = [
  [1, 1],
  [16, 16],
  [17, 2],
  [3, 17],
  [33, 35],
] as const;

describe('PoseidonSponge', () => {
  test('over up to three blocks: template, hint builder and reference agree', async () => {
    for (const [length, outputs] of shapes) {
      const circuit = await CircuitUnderTest.of(
        templateInstance('lib/sponge.circom', 'PoseidonSponge', [length, outputs]),
      );
      for (const absorbed of [inputs(length), Array.from({ length }, () => FR - 1n)]) {
        const expected = refSponge(fr('tag'), absorbed, outputs);
        assert.deepEqual(poseidonSponge(fr('tag'), absorbed, outputs), expected);
        const witness = await circuit.expectPass({ tag: fr('tag'), in: absorbed });
        assert.deepEqual(witness.slice(1, 1 + outputs), expected);
      }
    }
  });

  test('another tag or another element, another output everywhere', () => {
    const out = poseidonSponge(1n, inputs(20), 20);
    for (const other of [poseidonSponge(2n, inputs(20), 20), poseidonSponge(1n, [...inputs(19), 0n], 20)])
      out.forEach((element, i) => assert.notEqual(element, other[i]));
  });

  test('nothing absorbed or nothing wanted is refused', () => {
    assert.throws(() => poseidonSponge(1n, [], 1), RangeError);
    assert.throws(() => poseidonSponge(1n, [1n], 0), RangeError);
  });
});
