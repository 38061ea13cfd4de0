// SPDX-License-Identifier: GPL-3.0-or-later

/** What the addon's functions do with memory and arguments of their caller. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, test } from 'node:test';
import { loadNative, nativePaths } from '../circuits/native/load.ts';
import { testCatalog } from './testing/test-circuits.ts';

const paths = nativePaths();
const skip = paths.length === 0 && 'the native engine is not built here';

describe('native addon', { skip }, () => {
  let zkey: Uint8Array;

  before(async () => {
    const [product] = (await testCatalog()).circuits;
    assert.ok(product);
    zkey = await readFile(product.files.zkeyPath);
  });

  for (const path of paths) {
    test(`${path}: frees the memory of a key file that is the whole of an ArrayBuffer`, async () => {
      const addon = loadNative(path);
      const bytes = new Uint8Array(zkey);
      const key = await addon.loadKey(addon.openPool(1), bytes).done;
      assert.ok(key.bytes > 0);
      assert.equal(bytes.buffer.byteLength, 0);
    });

    test(`${path}: leaves memory alone of which the key file is only a part`, async () => {
      const addon = loadNative(path);
      for (const [before, after] of [
        [5, 0],
        [0, 7],
        [5, 7],
      ] as const) {
        const whole = Buffer.alloc(before + zkey.length + after, 0xab);
        whole.set(zkey, before);
        const key = await addon.loadKey(addon.openPool(1), whole.subarray(before, before + zkey.length)).done;
        assert.ok(key.bytes > 0);
        assert.deepEqual(whole.subarray(0, before), Buffer.alloc(before, 0xab));
        assert.deepEqual(whole.subarray(before, before + zkey.length), Buffer.from(zkey));
        assert.deepEqual(whole.subarray(before + zkey.length), Buffer.alloc(after, 0xab));
      }
    });

    test(`${path}: refuses arguments of other types, and goes on`, () => {
      const addon = loadNative(path);
      const pool = addon.openPool(1);
      const multiplier = addon.openMultiplier();
      const wrong = (value: unknown): never => value as never;
      const calls: Readonly<Record<string, () => unknown>> = {
        '1 to 1024 threads expected': () => addon.openPool(0),
        'not a handle of the kind that is asked for': () => addon.loadKey(wrong(multiplier), zkey),
        'a Uint8Array expected': () => addon.loadKey(pool, wrong(new Uint16Array(2))),
        'a boolean expected': () => addon.multiplyGenerator(pool, multiplier, wrong(1), zkey, zkey),
        'a BigUint64Array expected, four words a number': () => addon.prepareVerifyingKey(new BigUint64Array(3)),
      };
      for (const [message, call] of Object.entries(calls)) {
        assert.throws(call, { code: 'INVALID_ARGUMENT', message });
      }
      addon.closePool(pool);
      assert.throws(() => addon.loadKey(pool, zkey), { code: 'INVALID_ARGUMENT', message: 'the handle is closed' });
    });
  }
});
