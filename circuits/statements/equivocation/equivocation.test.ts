// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { BASE8, SUBGROUP_ORDER } from '../../../protocol/eddsa.ts';
import { FR } from '../../../protocol/field.ts';
import { CAPACITIES } from '../../../protocol/validator-set.ts';
import { caught, FIRST, SECOND } from '../../testing/equivocation.ts';
import type { RawInput } from '../../testing/fixtures.ts';
import { keyOf, signBy } from '../../testing/fixtures.ts';
import { Judge } from '../../testing/judge.ts';
import { addPoints, multiply, refPoseidon, TORSION } from '../../testing/reference.ts';
import { signWith } from '../../testing/signing.ts';
import { equivocationAccepts } from './model.ts';

let judge: Judge;
before(async () => {
  judge = await Judge.of('equivocation', equivocationAccepts);
});

/** A set of 16 whose slot 0 holds `key`, and is signed for twice by `scalar`. */
function caughtKey(key: { x: bigint; y: bigint }, scalar: bigint): RawInput {
  const raw = caught(16, 0).set('keyX', key.x).set('keyY', key.y);
  [FIRST, SECOND].forEach((message, i) => sign(raw, i, signWith(scalar, key, message)));
  const siblings = raw.input.siblings as bigint[][];
  const node = refPoseidon([refPoseidon([key.x, key.y, raw.get('stake')]), ...(siblings[0] ?? [])]);
  return raw.set('setCommitment', refPoseidon([refPoseidon([node, ...(siblings[1] ?? [])]), 16n, raw.get('epoch')]));
}

function sign(raw: RawInput, i: number, { r8, s }: ReturnType<typeof signWith>): RawInput {
  return raw.set('r8x', r8.x, i).set('r8y', r8.y, i).set('s', s, i);
}

describe('places', () => {
  for (const [capacity, indices] of [
    [16, [0, 1, 6, 11, 15]],
    [64, [0, 15, 16, 38, 63]],
    [128, [0, 63, 64, 89, 127]],
  ] as const) {
    test(`every corner of a set of ${capacity}; wires all determined`, async () => {
      for (const index of indices) await judge.says(true, caught(capacity, index));
      await judge.circuit.expectDetermined(caught(capacity, indices[3]).input);
    });
  }

  test('leafIndex_other: the key is found only where it stands', async () => {
    for (const capacity of CAPACITIES) {
      for (const index of [0, 1, 4, capacity - 1]) {
        await judge.refuses(caught(capacity, 2).set('leafIndex', BigInt(index)), 'Equivocation');
      }
    }
  });

  test('leafIndex_beyond_capacity: an index of another name for the same slot', async () => {
    await judge.refuses(caught(16, 2).set('leafIndex', 2n + 16n), 'Equivocation');
    await judge.refuses(caught(16, 2).set('leafIndex', 2n + 32n), 'Equivocation');
    await judge.refuses(caught(16, 2).set('leafIndex', 2n + 64n), 'Equivocation');
    await judge.refuses(caught(64, 2).set('leafIndex', 2n + 64n), 'Equivocation');
    await judge.refuses(caught(128, 2).set('leafIndex', 2n + 128n), 'Num2Bits');
    await judge.refuses(caught(128, 2).set('leafIndex', FR - 1n), 'Num2Bits');
  });

  test('root_16_vs_64_vs_128: a set is proved only by its own shape', async () => {
    for (const own of CAPACITIES) {
      for (const other of CAPACITIES) {
        if (own === other) continue;
        const selector = CAPACITIES.map((one) => (one === other ? 1n : 0n));
        await judge.refuses(caught(own, 2).put('isCapacity', selector), 'Equivocation');
      }
    }
  });

  test('capacity_selector: none, two, or a number that is no flag', async () => {
    await judge.refuses(caught(16, 2).put('isCapacity', [0n, 0n, 0n]), 'Equivocation');
    await judge.refuses(caught(16, 2).put('isCapacity', [1n, 1n, 0n]), 'Equivocation');
    await judge.refuses(caught(16, 2).put('isCapacity', [2n, FR - 1n, 0n]), 'Binary');
    // Half of each of two roots would be a commitment that nobody sealed.
    const half = (FR + 1n) / 2n;
    await judge.refuses(caught(16, 2).put('isCapacity', [half, half, 0n]), 'Binary');
  });

  test('an empty slot can be signed for by nobody: no key hashes to the empty leaf', async () => {
    const raw = caught(16, 2);
    await judge.refuses(raw.set('leafIndex', 3n), 'Equivocation');
  });
});

describe('what the proof says', () => {
  for (const name of ['setCommitment', 'keyX', 'keyY', 'message1', 'message2', 'epoch', 'stake']) {
    test(`${name} is bound`, async () => {
      const raw = caught(64, 5);
      await judge.says(false, raw.set(name, raw.get(name) + 1n));
    });
  }
  test('same_message: one message signed twice is no offence', async () => {
    const raw = caught(16, 2);
    const again = signWith(5n, keyOf(2), FIRST);
    await judge.refuses(sign(raw.set('message2', FIRST), 1, signBy(2, FIRST)), 'AssertNonZero');
    await judge.says(false, sign(raw, 1, again));
  });
  test('messages_swapped without their signatures', async () => {
    await judge.refuses(caught(16, 2).set('message1', SECOND).set('message2', FIRST), 'EddsaPoseidonVerify');
  });
  test('one_signature_only: the second is by another validator', async () => {
    await judge.refuses(sign(caught(16, 2), 1, signBy(3, SECOND)), 'EddsaPoseidonVerify');
    await judge.refuses(sign(caught(16, 2), 0, signBy(3, FIRST)), 'EddsaPoseidonVerify');
  });
  test('S_out_of_range: S + l is refused in either signature', async () => {
    for (const i of [0, 1]) {
      const raw = caught(16, 2);
      await judge.refuses(raw.set('s', raw.get('s', i) + SUBGROUP_ORDER, i), 'EddsaPoseidonVerify');
    }
  });
  test('r_off_curve: a nonce point off the curve is refused in either signature', async () => {
    for (const i of [0, 1]) await judge.refuses(caught(16, 2).set('r8x', 5n, i), 'BabyCheck');
  });
  test('key_low_order: nobody is slashed for a key that anybody can sign for', async () => {
    for (const key of TORSION) await judge.refuses(caughtKey(key, 0n), 'AssertNonZero');
    await judge.refuses(caughtKey({ x: 0n, y: 0n }, 0n), 'BabyCheck');
  });
  test('key_mixed_torsion is slashable like any other', async () => {
    await judge.says(true, caughtKey(addPoints(multiply(BASE8, 9n), TORSION[3] ?? BASE8), 9n));
  });
});

test('circuit and model agree on inputs spoiled at random', async () => {
  const numbers = ['setCommitment', 'leafIndex', 'keyX', 'message1', 'message2', 'epoch', 'stake', 'topSibling'];
  const spoil: fc.Arbitrary<(raw: RawInput) => void> = fc.oneof(
    fc.tuple(fc.constantFrom(...numbers), fc.bigInt(0n, 130n)).map(
      ([name, n]) =>
        (raw: RawInput) =>
          void raw.set(name, n),
    ),
    fc.tuple(fc.constantFrom('r8x', 'r8y', 's'), fc.nat(1), fc.bigInt(0n, FR - 1n)).map(
      ([name, i, n]) =>
        (raw: RawInput) =>
          void raw.set(name, n, i),
    ),
    fc.tuple(fc.nat(2), fc.nat(2)).map(([level, place]) => (raw: RawInput) => {
      const siblings = structuredClone(raw.input.siblings) as bigint[][];
      (siblings[level] ?? [])[place] = 5n;
      raw.put('siblings', siblings);
    }),
    fc.tuple(fc.nat(1), fc.nat(3)).map(
      ([i, n]) =>
        (raw: RawInput) =>
          void sign(raw, i, signBy(n, i ? SECOND : FIRST)),
    ),
  );
  const outcomes = new Set<boolean>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...CAPACITIES),
      fc.nat(127),
      fc.array(spoil, { maxLength: 1 }),
      async (capacity, index, spoils) => {
        const raw = caught(capacity, index % capacity);
        for (const change of spoils) change(raw);
        const expected = equivocationAccepts(raw.input);
        outcomes.add(expected);
        assert.equal(await judge.circuit.accepts(raw.input), expected);
      },
    ),
    { numRuns: 50, endOnFailure: true },
  );
  assert.equal(outcomes.size, 2, 'both verdicts occur');
});
