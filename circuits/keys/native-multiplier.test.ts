// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { FR } from '../../protocol/field.ts';
import { loadNative, nativePaths } from '../native/load.ts';
import { bn254Code } from './bn254-code.ts';
import type { Bn254Code } from './bn254-wasm.ts';
import { makeDevelopmentKey } from './development-key.ts';
import { compileSmall, temporaryFolder } from './fixtures/small-circuit.ts';
import { FixedBasePool } from './fixed-base-pool.ts';
import type { GeneratorMultiplier } from './generator-multiplier.ts';
import { NativeMultiplier } from './native-multiplier.ts';
import { openMultiplier } from './open-multiplier.ts';
import { drawToxicWaste } from './toxic-waste.ts';

const paths = nativePaths();
const skip = paths.length === 0 && 'the native engine is not built here';

let code: Bn254Code;
let pool: FixedBasePool;
before(async () => {
  code = await bn254Code();
  pool = FixedBasePool.open(code, 2);
});
after(() => pool.close());

function shared(values: readonly bigint[]): Uint8Array<SharedArrayBuffer> {
  const bytes = new Uint8Array(new SharedArrayBuffer(values.length * 32));
  for (const [index, value] of values.entries())
    for (let at = 0; at < 32; at++) bytes[index * 32 + at] = Number((value >> BigInt(8 * at)) & 0xffn);
  return bytes;
}

/** A number below r that every run gets the same. */
const pseudoRandom = (seed: string): bigint => BigInt(`0x${createHash('sha512').update(seed).digest('hex')}`) % FR;

/** Draws the same secrets every time. */
const drawKnown: typeof drawToxicWaste = (wasm, size) => {
  const secrets = drawToxicWaste(wasm, size);
  for (const [name, address] of Object.entries(secrets) as [string, number][])
    wasm.bytes.set(shared([pseudoRandom(name)]), address);
  return secrets;
};

async function keyBy(multiplier: GeneratorMultiplier, r1csPath: string, zkeyPath: string): Promise<Buffer> {
  await makeDevelopmentKey(r1csPath, zkeyPath, code, multiplier, { drawSecrets: drawKnown });
  return readFile(zkeyPath);
}

async function using<T>(
  multiplier: GeneratorMultiplier,
  work: (multiplier: GeneratorMultiplier) => Promise<T>,
): Promise<T> {
  try {
    return await work(multiplier);
  } finally {
    await multiplier.close();
  }
}

describe('native multiples of the generators', { skip }, () => {
  for (const name of paths) {
    const open = (): GeneratorMultiplier => new NativeMultiplier(loadNative(name), 2);

    test(`${name} gives WebAssembly's points, bit by bit`, () =>
      using(open(), async (native) => {
        const edges = [0n, 1n, 2n, 3n, FR - 1n, FR - 2n, FR >> 1n, (FR >> 1n) + 1n, 1n << 253n, 1n << 64n, 0n];
        const random = Array.from({ length: 300 }, (_, index) => pseudoRandom(String(index)));
        for (const scalars of [[...edges, ...random], [5n], []].map(shared)) {
          for (const group of ['g1', 'g2'] as const) {
            const [mine, theirs] = await Promise.all([native.multiply(group, scalars), pool.multiply(group, scalars)]);
            assert.ok(Buffer.from(mine).equals(theirs));
          }
        }
      }));

    test(`${name} makes WebAssembly's key of the same secrets, byte for byte`, async (context) => {
      const folder = await temporaryFolder(context as TestContext);
      const { r1csPath } = await compileSmall(folder, 7);
      const reference = await keyBy(pool, r1csPath, path.join(folder, 'wasm.zkey'));
      const native = await using(open(), (multiplier) => keyBy(multiplier, r1csPath, path.join(folder, 'native.zkey')));
      assert.ok(native.equals(reference));
      assert.ok(reference.length > 1000);
    });

    test(`${name} refuses a scalar that is not below r`, () =>
      using(open(), async (native) => {
        await assert.rejects(native.multiply('g1', shared([1n, FR])));
        await assert.rejects(native.multiply('g2', shared([2n ** 256n - 1n])));
      }));

    test(`${name} refuses work once closed`, async () => {
      const native = open();
      await native.close();
      await assert.rejects(native.multiply('g1', shared([1n])));
    });

    test(`${name} keeps what calls under way use when it is closed`, async () => {
      const native = open();
      const scalars = shared(Array.from({ length: 5000 }, (_, index) => BigInt(index)));
      const made = native.multiply('g1', scalars);
      await native.close();
      assert.ok(
        Buffer.from(await made)
          .subarray(-64)
          .equals(await pool.multiply('g1', shared([4999n]))),
      );
    });
  }

  test('is what keys are made with', () =>
    using(openMultiplier(code), (multiplier) => {
      assert.ok(multiplier instanceof NativeMultiplier);
      return Promise.resolve();
    }));
});
