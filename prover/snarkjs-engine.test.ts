// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Catalog, ProvableCircuit } from './catalog.ts';
import { SnarkjsEngine } from './snarkjs-engine.ts';
import { verifyStrictly } from './strict-verifier.ts';
import { chainInput, productInput, testCatalog } from './testing/test-circuits.ts';

const engine = new SnarkjsEngine();
const never = new AbortController().signal;
const ignore = (): void => undefined;
let catalog: Catalog;
let product: ProvableCircuit;
let chain: ProvableCircuit;

before(async () => {
  const made = await testCatalog();
  catalog = made;
  [product, chain] = made.circuits as [ProvableCircuit, ProvableCircuit];
});
after(() => engine.close());

test('proves from inputs, and the strict verifier accepts the proof', async () => {
  const { input } = catalog.prepare('test-product', productInput(6n, 7n));
  const { proof, publicSignals } = await engine.prove(product.files, { input }, ignore, never);
  assert.deepEqual(publicSignals, ['42', '13']);
  assert.deepEqual(await verifyStrictly(product.verificationKey, publicSignals, proof), { valid: true });
});

test('says how far it is, phase after phase and never backwards', async () => {
  const { input } = catalog.prepare('test-chain', chainInput(3n));
  const told: [string, number][] = [];
  await engine.prove(chain.files, { input }, (phase, fraction) => told.push([phase, fraction]), never);
  assert.deepEqual(told.slice(0, 2), [
    ['witness', 0],
    ['prove', 0],
  ]);
  const fractions = told.slice(1).map(([phase, fraction]) => (assert.equal(phase, 'prove'), fraction));
  assert.ok(fractions.length >= 8, `${fractions.length} steps`);
  assert.deepEqual(
    fractions,
    [...fractions].sort((a, b) => a - b),
  );
});

test('refuses inputs without a witness as final', async () => {
  const { input } = catalog.prepare('test-product', { ...productInput(6n, 7n), product: '43' });
  await assert.rejects(engine.prove(product.files, { input }, ignore, never), {
    code: 'WITNESS_REFUSED',
    retryable: false,
  });
});

test("refuses files that are not the manifest's", async () => {
  const { input } = catalog.prepare('test-product', productInput(6n, 7n));
  const wrong = `0x${'11'.repeat(32)}` as const;
  for (const files of [
    { ...product.files, zkeyHash: wrong },
    { ...product.files, wasmHash: wrong },
  ]) {
    await assert.rejects(engine.prove(files, { input }, ignore, never), { code: 'KEY_MISMATCH', retryable: false });
  }
});

test('stops before the next phase once aborted', async () => {
  const { input } = catalog.prepare('test-product', productInput(6n, 7n));
  const controller = new AbortController();
  const phases: string[] = [];
  const proving = engine.prove(
    product.files,
    { input },
    (phase) => {
      phases.push(phase);
      controller.abort(new Error('enough'));
    },
    controller.signal,
  );
  await assert.rejects(proving, /enough/);
  assert.deepEqual(phases, ['witness']);
});
