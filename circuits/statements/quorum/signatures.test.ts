// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { BASE8, SUBGROUP_ORDER, verify, type Point } from '../../../protocol/eddsa.ts';
import { FR } from '../../../protocol/field.ts';
import { fr, MESSAGE, quorumInput, rawQuorum, signBy, type RawQuorum } from '../../testing/fixtures.ts';
import { Judge } from '../../testing/judge.ts';
import { addPoints, multiply, TORSION } from '../../testing/reference.ts';
import { signWith } from '../../testing/signing.ts';
import { quorumAccepts } from './model.ts';

let judge: Judge;
before(async () => {
  judge = await Judge.of('quorum-16', (input) => quorumAccepts(16, input));
});

/** Four validators with equal stakes of which the first three sign. */
const four = (): RawQuorum => rawQuorum(quorumInput([100n, 100n, 100n, 100n], [0, 1, 2]));

const [T0, T1, T2, T3, T4, , , T7] = TORSION as [Point, Point, Point, Point, Point, Point, Point, Point];
const lowOrder: readonly (readonly [string, Point, boolean])[] = [
  ['O', T0, true],
  ['T2', T4, true],
  ['T4', T2, true],
  ['T8', T1, true],
  ['3T8', T3, true],
  ['00', { x: 0n, y: 0n }, false],
];
for (const [name, key, onCurve] of lowOrder) {
  test(`key_low_order_${name}_signed: a key that anybody can sign for does not count`, async () => {
    // With 8A the identity, S = r signs anything. circomlibjs lets it through; the circuit must not.
    const raw = four().setKey(2, key).recommit();
    const signature = signWith(0n, key, MESSAGE);
    assert.equal(verify(key, MESSAGE, signature), onCurve);
    await judge.refuses(raw.sign(2, signature), 'KeyPoint');
  });
}
for (const [order, torsion] of [
  ['T2', T4],
  ['T8', T1],
] as const) {
  test(`key_mixed_torsion_accepted_${order}: a part of small order in a key does no harm`, async () => {
    const key = addPoints(multiply(BASE8, 77n), torsion);
    const signature = signWith(77n, key, MESSAGE);
    assert.equal(verify(key, MESSAGE, signature), true);
    await judge.says(true, four().setKey(2, key).recommit().sign(2, signature));
  });
  test(`r_torsion_single_${order}: a nonce point with a part of small order is refused`, async () => {
    const key = multiply(BASE8, 77n);
    const signature = signWith(77n, key, MESSAGE, 5n, addPoints(multiply(BASE8, 5n), torsion));
    assert.equal(verify(key, MESSAGE, signature), false);
    await judge.refuses(four().setKey(2, key).recommit().sign(2, signature), 'NoncePoint');
  });
}
for (const [name, first, second] of [
  ['r_torsion_T2_pair', T4, T4],
  ['r_torsion_T8_cancel', T1, T7],
] as const) {
  test(`${name}: torsion in two slots does not cancel out`, async () => {
    const raw = four();
    for (const [slot, scalar, torsion] of [
      [1, 71n, first],
      [2, 72n, second],
    ] as const) {
      raw.setKey(slot, multiply(BASE8, scalar));
      raw.sign(slot, signWith(scalar, raw.key(slot), MESSAGE, 5n, addPoints(multiply(BASE8, 5n), torsion)));
    }
    await judge.refuses(raw.recommit(), 'NoncePoint');
  });
}
test('r_off_curve, signed or not', async () => {
  for (const slot of [0, 3, 9]) await judge.refuses(four().set('r8x', 5n, slot), 'NoncePoint');
  await judge.refuses(four().set('r8y', 0n, 3), 'NoncePoint');
});
test('key_off_curve_signed: a key off the curve does not count', async () => {
  const raw = four().setKey(2, { x: 5n, y: 7n }).recommit();
  await judge.refuses(raw, 'KeyPoint');
});
test('flagflip_valid_key: a dummy for Base8 does not count for the key that stands there', async () => {
  const dummy = signWith(1n, BASE8, MESSAGE);
  assert.equal(verify(BASE8, MESSAGE, dummy), true);
  await judge.refuses(four().sign(3, dummy), 'EddsaPoseidonBatch');
  await judge.refuses(four().sign(3, { r8: { x: 0n, y: 1n }, s: 0n }), 'EddsaPoseidonBatch');
});
test("base8_key_signed is anybody's: registration keeps Base8 out", async () => {
  await judge.says(
    true,
    four()
      .setKey(3, BASE8)
      .recommit()
      .sign(3, signWith(1n, BASE8, MESSAGE)),
  );
});
test('rogue_key_minus_victim: a signature under the sum of two keys counts for neither', async () => {
  const raw = four();
  const victim = raw.key(0);
  const rogue = addPoints(multiply(BASE8, 9n), { x: FR - victim.x, y: victim.y });
  const joint = signWith(9n, multiply(BASE8, 9n), MESSAGE);
  await judge.refuses(raw.setKey(1, rogue).recommit().sign(0, joint).sign(1, joint), 'EddsaPoseidonBatch');
});
test('M_other: a signature of another message', async () => {
  await judge.refuses(four().sign(1, signBy(1, fr('another'))), 'EddsaPoseidonBatch');
  await judge.refuses(four().set('message', fr('another')), 'EddsaPoseidonBatch');
});
test('key_other: a signature by another validator', async () => {
  await judge.refuses(four().sign(1, signBy(2, MESSAGE)), 'EddsaPoseidonBatch');
});
test('S_out_of_range: S + l, signed or not', async () => {
  for (const slot of [0, 3, 9]) {
    const raw = four();
    await judge.refuses(raw.set('s', raw.get('s', slot) + SUBGROUP_ORDER, slot), 'MirroredBits');
  }
  for (const s of [SUBGROUP_ORDER, 1n << 251n, FR - 1n]) await judge.refuses(four().set('s', s, 0), 'MirroredBits');
});
test('an unsigned slot holds a signature by Base8, with any nonce, and no other', async () => {
  for (const nonce of [0n, 1n, 12345n])
    await judge.says(
      true,
      four()
        .sign(3, signWith(1n, BASE8, MESSAGE, nonce))
        .set('signers', 7n),
    );
  await judge.refuses(four().set('s', 12345n, 3), 'EddsaPoseidonBatch');
  await judge.refuses(four().set('s', 0n, 3), 'EddsaPoseidonBatch');
  const raw = four();
  const torsion = signWith(1n, BASE8, MESSAGE, 5n, addPoints(multiply(BASE8, 5n), T4));
  await judge.refuses(raw.sign(3, torsion).set('signers', 7n), 'NoncePoint');
});
test('r_identity_accepted: (0, 1) is a lawful nonce point', async () => {
  const key = multiply(BASE8, 77n);
  const signature = signWith(77n, key, MESSAGE, 0n);
  assert.deepEqual(signature.r8, T0);
  assert.equal(verify(key, MESSAGE, signature), true);
  const raw = four().setKey(2, key).recommit();
  await judge.says(true, raw.sign(2, signature));
  await judge.refuses(raw.set('s', signature.s + 1n, 2), 'EddsaPoseidonBatch');
  await judge.refuses(raw.sign(2, { r8: T4, s: signature.s }), 'NoncePoint');
});
