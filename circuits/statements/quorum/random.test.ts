// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BASE8 } from '../../../protocol/eddsa.ts';
import { FR } from '../../../protocol/field.ts';
import { quorumInput, rawQuorum, type RawQuorum } from '../../testing/fixtures.ts';
import { CircuitUnderTest } from '../../testing/harness.ts';
import { addPoints, multiply, TORSION } from '../../testing/reference.ts';
import { signWith } from '../../testing/signing.ts';
import { quorumAccepts } from './model.ts';

test('circuit and model agree on inputs spoiled at random', async () => {
  const circuit = await CircuitUnderTest.of('quorum-16');
  const slot = fc.nat(15);
  const spoil: fc.Arbitrary<(raw: RawQuorum) => void> = fc.oneof(
    fc.tuple(fc.constantFrom('r8x', 'r8y', 's', 'keyX', 'keyY', 'stake'), slot, fc.bigInt(0n, FR - 1n)).map(
      ([name, i, value]) =>
        (raw: RawQuorum) =>
          void raw.set(name, value, i),
    ),
    fc.tuple(slot, slot).map(
      ([i, j]) =>
        (raw: RawQuorum) =>
          void raw.sign(i, { r8: { x: raw.get('r8x', j), y: raw.get('r8y', j) }, s: raw.get('s', j) }),
    ),
    slot.map((i) => (raw: RawQuorum) => void raw.unsign(i)),
    slot.map((i) => (raw: RawQuorum) => void raw.set('present', 1n - raw.get('present', i), i).recommit()),
    fc.tuple(slot, fc.bigInt(0n, (1n << 64n) + 1n)).map(
      ([i, value]) =>
        (raw: RawQuorum) =>
          void raw.set('stake', value, i).recommit(),
    ),
    fc.tuple(slot, fc.constantFrom(...TORSION)).map(([i, torsion]) => (raw: RawQuorum) => {
      const key = addPoints(multiply(BASE8, 7n + BigInt(i)), torsion);
      raw
        .setKey(i, key)
        .recommit()
        .sign(i, signWith(7n + BigInt(i), key, raw.get('message')));
    }),
    fc.nat(40_000).map((share) => (raw: RawQuorum) => void raw.set('share', BigInt(share))),
  );
  const outcomes = new Map<boolean, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.bigInt(1n, (1n << 64n) - 1n), { nil: undefined, freq: 4 }), {
        minLength: 1,
        maxLength: 16,
      }),
      fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
      fc.integer({ min: 20_000, max: 24_000 }),
      fc.array(spoil, { maxLength: 1 }),
      async (stakes, wanted, share, spoils) => {
        const signers = stakes.flatMap((stake, i) => (stake !== undefined && (wanted[i] || i % 4 !== 0) ? [i] : []));
        const raw = rawQuorum(quorumInput(stakes, signers, { share }));
        for (const change of spoils) change(raw);
        const expected = quorumAccepts(16, raw.input);
        outcomes.set(expected, (outcomes.get(expected) ?? 0) + 1);
        assert.equal(await circuit.accepts(raw.input), expected);
      },
    ),
    { numRuns: 25, endOnFailure: true },
  );
  assert.equal(outcomes.size, 2, 'both verdicts occur');
});
