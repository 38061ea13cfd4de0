// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { CircuitInput } from '../statement-kind.ts';
import { CircuitUnderTest } from './harness.ts';

/*
 * The tools that look for undetermined wires, on circuits that have some and circuits that have none: an
 * under-constrained template has to be found.
 */

interface Toy {
  readonly name: string;
  readonly body: string;
  readonly input: CircuitInput;
  /** what `expectDetermined` has to say; undefined: passes */
  readonly finds: RegExp | undefined;
}

const square = 'signal square <== root * root; square === x * 1;';
const toys: readonly Toy[] = [
  { name: 'a product', body: 'signal y <== x * x; signal z <== y * x; z === 27;', input: { x: 3n }, finds: undefined },
  {
    name: 'a hint without a constraint of its own',
    body: 'signal y; y <-- x; signal z; z <-- 1; y * z === x;',
    input: { x: 3n },
    finds: /that the constraints leave free/,
  },
  {
    name: 'the inverse of a zero test at zero',
    body: 'signal inverse; inverse <-- x != 0 ? 1 / x : 0; signal zero <== 1 - x * inverse; x * zero === 0;',
    input: { x: 0n },
    finds: /can be edited alone/,
  },
  {
    name: 'the inverse of a zero test elsewhere',
    body: 'signal inverse; inverse <-- x != 0 ? 1 / x : 0; signal zero <== 1 - x * inverse; x * zero === 0;',
    input: { x: 5n },
    finds: undefined,
  },
  {
    name: 'a square root: two values, though neither moves',
    body: `signal root; root <-- 3; ${square}`,
    input: { x: 9n },
    finds: /can be edited alone/,
  },
  {
    name: 'two wires that move together',
    body: 'signal a; signal b; a <-- 2; b <-- 3; signal p <== a * b; p === x; signal q <== p * a; q === p * a;',
    input: { x: 6n },
    finds: /that the constraints leave free/,
  },
  {
    name: 'a hint that would pass for an input which the optimiser dropped',
    body: 'signal input unused; signal a; signal b; a <-- 2; b <-- x / 2; a * b === x;',
    input: { x: 6n, unused: 7n },
    finds: /that the constraints leave free/,
  },
  {
    name: 'a bit decomposition of too few constraints',
    body: 'signal bit[2]; bit[0] <-- x & 1; bit[1] <-- (x >> 1) & 1; bit[0] * (bit[0] - 1) === 0; signal s <== bit[0] * bit[1]; s === 0;',
    input: { x: 2n },
    finds: /can be edited alone|leave free/,
  },
];

for (const { name, body, input, finds } of toys) {
  test(`${name}: ${finds ? 'found' : 'passes'}`, async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'phalanx-toy-'));
    try {
      await writeFile(
        path.join(root, 'toy.circom'),
        `pragma circom 2.2.0;\ntemplate Toy() { signal input x; ${body} }\n`,
      );
      const instance = { id: 'toy', source: 'toy.circom', template: 'Toy', parameters: [], publicSignals: ['x'] };
      const toy = await CircuitUnderTest.of(instance, { sourceRoot: root, home: root });
      if (finds) await assert.rejects(toy.expectDetermined(input), finds);
      else await toy.expectDetermined(input);
    } finally {
      await rm(root, { recursive: true });
    }
  });
}
