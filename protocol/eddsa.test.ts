// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { babyjubjub } from '@noble/curves/misc.js';
import { buildEddsa } from 'circomlibjs';
import { BASE8, isSubgroupKey, publicKey, sign, SUBGROUP_ORDER, verify, type Point } from './eddsa.ts';
import { FR, toFr, type Fr } from './field.ts';
import { poseidon } from './poseidon.ts';

const noble = babyjubjub.Point;

function random(): Fr {
  return toFr(BigInt(`0x${randomBytes(31).toString('hex')}`), 'random');
}

/** The verification equation s*B = R8 + 8h*A on noble-curves' arithmetic. */
function nobleVerify(key: Point, message: Fr, r8: Point, s: bigint): boolean {
  const h = poseidon([r8.x, r8.y, key.x, key.y, message]);
  const base = noble.fromAffine(BASE8);
  const right = noble.fromAffine(r8).add(noble.fromAffine(key).multiplyUnsafe((8n * h) % SUBGROUP_ORDER));
  return base.multiplyUnsafe(s).equals(right);
}

test('Poseidon agrees with a published vector of circomlib', () => {
  assert.equal(poseidon([1n, 2n]), 7853200120776062878684798364095072458815029376092732009249414926327459813530n);
});

test('signatures verify here and by the equation on noble-curves; changed ones on neither', () => {
  for (let i = 0; i < 4; i++) {
    const secret = randomBytes(32);
    const key = publicKey(secret);
    const message = random();
    const { r8, s } = sign(secret, message);
    const variants: readonly (readonly [Point, Fr, Point, bigint])[] = [
      [key, message, r8, s],
      [key, toFr((message + 1n) % FR, 'm'), r8, s],
      [key, message, r8, (s + 1n) % SUBGROUP_ORDER],
      [key, message, BASE8, s],
      [BASE8, message, r8, s],
    ];
    variants.forEach(([a, m, r, t], index) => {
      assert.equal(verify(a, m, { r8: r, s: t }), index === 0);
      assert.equal(nobleVerify(a, m, r, t), index === 0);
    });
    assert.equal(verify(key, message, { r8, s: s + SUBGROUP_ORDER }), false, 's >= l is refused');
  }
});

test('subgroup keys: signers and the base are; identity, torsion and points off the curve are not', () => {
  assert.equal(isSubgroupKey(publicKey(randomBytes(32))), true);
  assert.equal(isSubgroupKey(BASE8), true);
  assert.equal(isSubgroupKey({ x: 0n, y: 1n }), false);
  assert.equal(isSubgroupKey({ x: 0n, y: FR - 1n }), false);
  const mixed = noble
    .fromAffine(BASE8)
    .add(noble.fromAffine({ x: 0n, y: FR - 1n }))
    .toAffine();
  assert.equal(isSubgroupKey(mixed), false);
  assert.equal(isSubgroupKey({ x: 1n, y: 1n }), false);
});

test("keys, signatures and verification are circomlibjs's EdDSA-Poseidon, bit for bit", async () => {
  const reference = await buildEddsa();
  const { F } = reference;
  const secrets = [
    new Uint8Array(32),
    new Uint8Array(32).fill(255),
    ...Array.from({ length: 6 }, () => randomBytes(32)),
  ];
  const messages = [toFr(0n, 'm'), toFr(FR - 1n, 'm'), ...Array.from({ length: 6 }, random)];
  secrets.forEach((secret, i) => {
    const message = messages[i] ?? toFr(0n, 'm');
    const theirs = reference.signPoseidon(Buffer.from(secret), F.e(message));
    const key = reference.prv2pub(Buffer.from(secret));
    assert.deepEqual(publicKey(secret), { x: F.toObject(key[0]), y: F.toObject(key[1]) });
    const ours = sign(secret, message);
    assert.deepEqual(ours, { r8: { x: F.toObject(theirs.R8[0]), y: F.toObject(theirs.R8[1]) }, s: theirs.S });
    assert.equal(verify(publicKey(secret), message, ours), true);
    assert.equal(reference.verifyPoseidon(F.e(message), theirs, key), true);
  });
});
