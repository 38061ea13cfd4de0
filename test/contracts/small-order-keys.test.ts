// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';

const { Point } = ed25519;
const P = 2n ** 255n - 19n;
const file = new URL('../../contracts/test/fixtures/small-order-keys.json', import.meta.url);

/** 32 bytes, lowest first. */
const littleEndian = (n: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((n >> BigInt(8 * i)) & 255n));
const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

/**
 * The eight points whose order divides 8: multiples of a point of order 8, which is L times some point of the curve.
 */
function torsion(): InstanceType<typeof Point>[] {
  for (let y = 2n; ; y += 1n) {
    let point;
    try {
      point = Point.fromBytes(littleEndian(y), true);
    } catch {
      continue; // no point has this y
    }
    // A scalar of L itself is out of noble's range.
    const t = point.multiplyUnsafe(Point.Fn.ORDER - 1n).add(point);
    if (t.multiplyUnsafe(4n).is0()) continue;
    return Array.from({ length: 8 }, (_, k) => (k === 0 ? Point.ZERO : t.multiplyUnsafe(BigInt(k))));
  }
}

test('the encodings of points of small order are these fourteen', () => {
  const points = torsion();
  assert.equal(new Set(points.map((point) => point.toHex())).size, 8);
  const keys = new Set<string>();
  for (const { y } of points.map((point) => point.toAffine()))
    for (const encoded of [y, y + P].filter((n) => n < 2n ** 255n))
      for (const sign of [0n, 1n]) {
        const key = littleEndian(encoded + (sign << 255n));
        assert.ok(Point.fromBytes(key, true).multiplyUnsafe(8n).is0());
        keys.add(hex(key));
      }
  const { keys: recorded } = JSON.parse(readFileSync(file, 'utf8')) as { keys: string[] };
  assert.deepEqual(recorded, [...keys].sort());
  assert.equal(recorded.length, 14);
});

test('by each of them anybody signs anything', () => {
  const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { keys: string[] };
  const s = 12_345n;
  const signature = Buffer.concat([Point.BASE.multiply(s).toBytes(), littleEndian(s)]);
  for (const key of keys)
    for (const message of ['one', 'two'])
      assert.ok(ed25519.verify(signature, Buffer.from(message), Buffer.from(key.slice(2), 'hex'), { zip215: true }));
});
