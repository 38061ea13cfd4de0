// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { curves, groth16 } from 'snarkjs';
import { nativePaths } from '../circuits/native/load.ts';
import { calculateWitness } from '../circuits/witness.ts';
import type { Catalog, ProvableCircuit } from './catalog.ts';
import type { CircuitFiles } from './engine.ts';
import { NativeEngine } from './native-engine.ts';
import { verifyStrictly } from './strict-verifier.ts';
import { chainInput, productInput, testCatalog } from './testing/test-circuits.ts';

const never = new AbortController().signal;
const ignore = (): void => undefined;
const folder = mkdtempSync(join(tmpdir(), 'phalanx-native-'));
let catalog: Catalog;
let product: ProvableCircuit;
let chain: ProvableCircuit;

const paths = nativePaths();
const skip = paths.length === 0 && 'the native engine is not built here';

before(async () => {
  const made = await testCatalog();
  catalog = made;
  [product, chain] = made.circuits as [ProvableCircuit, ProvableCircuit];
});
after(async () => {
  rmSync(folder, { recursive: true });
  // snarkjs leaves its threads running.
  await (await curves.getCurveFromName('bn128')).terminate();
});

for (const path of paths) {
  for (const threads of [1, 3]) {
    describe(`${path}, ${threads} threads`, () => {
      const engine = new NativeEngine({ path, threads });
      after(() => engine.close());

      test('proves from inputs: snarkjs and the strict verifier accept, and each proof is another', async () => {
        const { input } = catalog.prepare('test-product', productInput(6n, 7n));
        const first = await engine.prove(product.files, { input }, ignore, never);
        assert.deepEqual(first.publicSignals, ['42', '13']);
        assert.deepEqual(await verifyStrictly(product.verificationKey, first.publicSignals, first.proof), {
          valid: true,
        });
        assert.ok(await groth16.verify(product.verificationKey, [...first.publicSignals], first.proof));
        const second = await engine.prove(product.files, { input }, ignore, never);
        for (const point of ['pi_a', 'pi_b', 'pi_c'] as const) {
          assert.notDeepEqual(first.proof[point], second.proof[point]);
        }
      });

      test('proves a larger circuit from a witness file, and says how far it is', async () => {
        const { input } = catalog.prepare('test-chain', chainInput(3n));
        const witness = await calculateWitness(chain.files.wasmPath, input);
        const told: number[] = [];
        const { proof, publicSignals } = await engine.prove(
          chain.files,
          { witness },
          (phase, fraction) => phase === 'prove' && told.push(fraction),
          never,
        );
        assert.deepEqual(await verifyStrictly(chain.verificationKey, publicSignals, proof), { valid: true });
        assert.ok(told.length >= 4 && told[0] === 0, `${told.length} steps`);
        assert.deepEqual(
          told,
          [...told].sort((a, b) => a - b),
        );
      });
    });
  }
}

describe('native engine', { skip }, () => {
  const engine = paths.length > 0 ? new NativeEngine() : undefined;
  const prove = (files: CircuitFiles, witness: Uint8Array, signal = never) => {
    assert.ok(engine);
    return engine.prove(files, { witness }, ignore, signal);
  };
  after(() => engine?.close());

  /** The circuit with another key file, under the hash that this file has. */
  async function withKey(files: CircuitFiles, bytes: Uint8Array): Promise<CircuitFiles> {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const zkeyPath = join(folder, `${hash}.zkey`);
    await writeFile(zkeyPath, bytes);
    return { ...files, zkeyPath, zkeyHash: `0x${hash}` };
  }

  test('refuses a key that is cut off, with the section and the bound', async () => {
    const zkey = await readFile(product.files.zkeyPath);
    const files = await withKey(product.files, zkey.subarray(0, zkey.length - 1));
    await assert.rejects(prove(files, new Uint8Array(0)), {
      code: 'KEY_UNUSABLE',
      message: /section 10 has a length of \d+ bytes, \d+ are left/,
    });
  });

  test('refuses a witness of another circuit and one that is malformed', async () => {
    const { input } = catalog.prepare('test-product', productInput(6n, 7n));
    const witness = await calculateWitness(product.files.wasmPath, input);
    await assert.rejects(prove(chain.files, witness), { code: 'WITNESS_REFUSED', retryable: false });
    await assert.rejects(prove(product.files, witness.subarray(0, 80)), { code: 'WITNESS_REFUSED' });
  });

  test("refuses files that are not the manifest's", async () => {
    const wrong = `0x${'11'.repeat(32)}` as const;
    await assert.rejects(prove({ ...product.files, zkeyHash: wrong }, new Uint8Array(0)), { code: 'KEY_MISMATCH' });
  });

  test('ends early when it is told to', async () => {
    const { input } = catalog.prepare('test-chain', chainInput(3n));
    const witness = await calculateWitness(chain.files.wasmPath, input);
    await engine?.load(chain.files);
    const controller = new AbortController();
    const proving = prove(chain.files, witness, controller.signal);
    void setImmediate().then(() => controller.abort(new Error('enough')));
    await assert.rejects(proving, /enough/);
  });

  /** A new engine, and the memory that the process has taken by then: none of it kept from earlier proofs. */
  async function open(): Promise<{ readonly own: NativeEngine; readonly empty: number }> {
    await new NativeEngine().close();
    const own = new NativeEngine();
    return { own, empty: own.memoryBytes() };
  }

  test('loads a key once for all who ask at one time', async () => {
    const { own, empty } = await open();
    await Promise.all([own.load(chain.files), own.load(chain.files), own.load(chain.files)]);
    await own.close();
    // Of keys that are loaded twice, one is never closed.
    assert.equal(own.memoryBytes(), empty);
  });

  /** The addon takes memory for a key from the moment it begins to load it. */
  async function untilKeyLoads(engine: NativeEngine, emptyBytes: number): Promise<void> {
    while (engine.memoryBytes() === emptyBytes) await setImmediate();
  }

  for (const when of ['its files are read', 'its key is loading']) {
    test(`ends early while ${when}, and keeps nothing`, async () => {
      const { own, empty } = await open();
      const controller = new AbortController();
      const proving = own.prove(chain.files, { witness: new Uint8Array(0) }, ignore, controller.signal);
      if (when === 'its key is loading') await untilKeyLoads(own, empty);
      controller.abort(new Error('enough'));
      await assert.rejects(proving, /enough/);
      await own.close();
      assert.equal(own.memoryBytes(), empty);
    });

    test(`closes while ${when}, and keeps nothing`, async () => {
      const { own, empty } = await open();
      const loading = assert.rejects(own.load(chain.files), { code: 'PROVING_CANCELLED' });
      if (when === 'its key is loading') await untilKeyLoads(own, empty);
      await own.close();
      assert.equal(own.memoryBytes(), empty);
      await loading;
    });
  }

  test('forgets the keys used longest ago when memory is short', async () => {
    const { input } = catalog.prepare('test-product', productInput(6n, 7n));
    const small = new NativeEngine({ maxKeyBytes: 2 ** 20 });
    const empty = small.memoryBytes();
    await small.load(chain.files);
    const withChain = small.memoryBytes();
    assert.ok(withChain > empty + 2 ** 20);
    await small.prove(product.files, { input }, ignore, never);
    assert.ok(small.memoryBytes() < withChain - 2 ** 20);
    await small.close();
  });
});
