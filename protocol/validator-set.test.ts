// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidFieldError } from './errors.ts';
import { poseidon } from './poseidon.ts';
import {
  CAPACITIES,
  leaf,
  merklePath,
  setCommitment,
  setRoot,
  slotOf,
  totalStakeGwei,
  treeLevels,
  validatorSet,
  type Capacity,
  type Validator,
} from './validator-set.ts';

function validator(n: number): Validator {
  return { key: { x: BigInt(n), y: BigInt(n + 1) }, stakeGwei: BigInt(n) * 10n };
}

function setOf(capacity: Capacity, members: readonly number[], epoch = 5n): ReturnType<typeof validatorSet> {
  const slots = Array.from({ length: capacity }, (_, i) => (members.includes(i) ? validator(i + 1) : undefined));
  return validatorSet(epoch, capacity, slots);
}

/** The tree by its recursive definition, apart from the level-by-level code. */
function rootByDefinition(leaves: readonly bigint[]): bigint {
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  const parts = leaves.length === 128 ? 2 : 4;
  const size = leaves.length / parts;
  return poseidon(Array.from({ length: parts }, (_, i) => rootByDefinition(leaves.slice(i * size, (i + 1) * size))));
}

for (const capacity of CAPACITIES) {
  test(`capacity ${capacity}: root, commitment and every path follow the definition`, () => {
    const set = setOf(capacity, [0, 3, 4, capacity - 1]);
    assert.equal(setRoot(set), rootByDefinition(set.slots.map(leaf)));
    assert.equal(setCommitment(set), poseidon([setRoot(set), BigInt(capacity), 5n]));
    for (const index of [0, 1, 3, 4, capacity - 1]) {
      let node: bigint = leaf(set.slots[index]);
      let position = index;
      for (const siblings of merklePath(set, index)) {
        const arity = siblings.length + 1;
        const children: bigint[] = [...siblings];
        children.splice(position % arity, 0, node);
        node = poseidon(children);
        position = Math.floor(position / arity);
      }
      assert.equal(node, setRoot(set));
    }
  });
}

test('an empty slot is a zero leaf, whatever stands beside it', () => {
  const set = setOf(16, [2]);
  assert.equal(treeLevels(set)[0]?.[0], 0n);
  assert.notEqual(treeLevels(set)[0]?.[2], 0n);
  assert.equal(totalStakeGwei(set), 30n);
  assert.equal(slotOf(set, { x: 3n, y: 4n }), 2);
  assert.equal(slotOf(set, { x: 9n, y: 4n }), -1);
});

test('epoch and capacity are part of the commitment', () => {
  const commitments = [setOf(16, [1]), setOf(16, [1], 6n), setOf(64, [1]), setOf(128, [1])].map(setCommitment);
  assert.equal(new Set(commitments).size, 4);
});

const faults: readonly (readonly [string, () => unknown])[] = [
  ['too few slots', () => validatorSet(0n, 16, [])],
  ['a stake of zero', () => validatorSet(0n, 16, [{ ...validator(1), stakeGwei: 0n }, ...Array<undefined>(15)])],
  [
    'a stake of 65 bits',
    () => validatorSet(0n, 16, [{ ...validator(1), stakeGwei: 1n << 64n }, ...Array<undefined>(15)]),
  ],
  ['one key in two slots', () => validatorSet(0n, 16, [validator(1), validator(1), ...Array<undefined>(14)])],
  ['an epoch of 65 bits', () => setOf(16, [], 1n << 64n)],
  ['a path outside the set', () => merklePath(setOf(16, [1]), 16)],
];
for (const [name, make] of faults) test(`refuses ${name}`, () => assert.throws(make, InvalidFieldError));
