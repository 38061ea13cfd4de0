// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { bn254 } from '@noble/curves/bn254.js';
import { FQ, FR } from '../../protocol/field.ts';
import { bn254Code } from './bn254-code.ts';
import type { Bn254Code, Bn254Wasm, Group } from './bn254-wasm.ts';
import { BATCH, FixedBase, WINDOW_BITS } from './fixed-base.ts';
import { FixedBasePool } from './fixed-base-pool.ts';

let code: Bn254Code;
before(async () => {
  code = await bn254Code();
});

const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
const montgomery = (value: bigint): Uint8Array => littleEndian((value << 256n) % FQ);

/** A point as snarkjs's files hold it, by another implementation of the curve. */
function expected(group: Group, scalar: bigint): Uint8Array {
  if (scalar === 0n) return new Uint8Array(group === 'g1' ? 64 : 128);
  if (group === 'g1') {
    const { x, y } = bn254.G1.Point.BASE.multiply(scalar).toAffine();
    return Buffer.concat([x, y].map(montgomery));
  }
  const { x, y } = bn254.G2.Point.BASE.multiply(scalar).toAffine();
  return Buffer.concat([x.c0, x.c1, y.c0, y.c1].map(montgomery));
}

/** Scalars at which digits carry, vanish, or the last addition is a doubling or cancels. */
function edges(bits: number): bigint[] {
  const half = 1n << BigInt(bits - 1);
  const top = BigInt((FixedBase.windows(bits) - 1) * bits);
  const topDigit = FR >> top;
  const all = [
    0n,
    1n,
    2n,
    half - 1n,
    half,
    half + 1n,
    2n * half,
    FR - 1n,
    FR - 2n,
    (FR - 1n) / 2n,
    (FR + 1n) / 2n,
    1n << 253n,
  ];
  for (const digit of [topDigit, topDigit - 1n, topDigit + 1n])
    all.push((2n * (digit << top)) % FR, (digit << top) % FR);
  // Every digit is the largest, positive or negative.
  let ones = 0n;
  for (let at = 0n; at < 250n; at += BigInt(bits)) ones |= half << at;
  return [...all, ones % FR, (ones + 1n) % FR, ((1n << 254n) - 1n) % FR];
}

const pseudoRandom = (index: number): bigint =>
  (BigInt(index + 1) * 0x9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251f86c6a11d0c18e95n) % FR;

for (const group of ['g1', 'g2'] as const) {
  for (const bits of [4, 9, WINDOW_BITS[group]]) {
    test(`multiples in ${group} with windows of ${bits} bits are those of another implementation`, async () => {
      const base = await FixedBase.create(code, group, bits);
      base.build(code.generator[group]);
      const scalars = [...edges(bits), ...Array.from({ length: 12 }, (_, index) => pseudoRandom(index))];
      const points = base.multiply(Buffer.concat(scalars.map(littleEndian))).slice();
      const size = points.length / scalars.length;
      scalars.forEach((scalar, index) => {
        const found = Buffer.from(points.subarray(index * size, (index + 1) * size));
        assert.equal(found.toString('hex'), Buffer.from(expected(group, scalar)).toString('hex'), `scalar ${scalar}`);
      });
    });
  }
}

test('no scalar stays in memory after a multiplication, and nothing after a wipe', async () => {
  const base = await FixedBase.create(code, 'g1', 9);
  base.build(code.generator.g1);
  const wasm = Reflect.get(base, 'wasm') as Bn254Wasm;
  const digits = Reflect.get(base, 'digits') as Int16Array;
  const scalar = Buffer.from(littleEndian(pseudoRandom(1)));
  wasm.bytes.set(scalar, wasm.bytes.length - 32);
  assert.ok(Buffer.from(wasm.bytes.buffer).includes(scalar), 'the search finds what is there');
  wasm.bytes.fill(0, wasm.bytes.length - 32);
  base.multiply(scalar);
  assert.ok(!Buffer.from(wasm.bytes.buffer).includes(scalar));
  assert.ok(digits.every((digit) => digit === 0));
  base.wipe();
  assert.ok(wasm.bytes.every((byte) => byte === 0));
});

test('more scalars than a batch holds are refused', async () => {
  const base = await FixedBase.create(code, 'g1', 4);
  assert.throws(() => base.multiply(new Uint8Array((BATCH + 1) * 32)), RangeError);
});

test('a pool gives the points of all chunks in order', async () => {
  const pool = FixedBasePool.open(code, 2);
  try {
    const count = 10_001;
    const scalars = new Uint8Array(new SharedArrayBuffer(count * 32));
    for (let index = 0; index < count; index++) scalars.set(littleEndian(BigInt(index)), index * 32);
    const points = await pool.multiply('g1', scalars);
    for (const index of [0, 1, 4095, 4096, 8191, 8192, 10_000]) {
      assert.deepEqual(
        Buffer.from(points.subarray(index * 64, (index + 1) * 64)),
        Buffer.from(expected('g1', BigInt(index))),
      );
    }
  } finally {
    await pool.close();
  }
});

test('a pool that is closed refuses work instead of hanging', async () => {
  const pool = FixedBasePool.open(code, 1);
  await pool.close();
  await assert.rejects(pool.multiply('g1', new Uint8Array(new SharedArrayBuffer(32))));
});
