// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { prepareInputs } from '../../circuits/registry.ts';
import { oddSignature, signed } from '../../circuits/testing/ed25519.ts';
import { prepareKeys } from '../../cli/prepare-keys.ts';
import { LocalProver } from '../../cli/prove-files.ts';
import { toHex } from '../../protocol/bytes.ts';
import { FR } from '../../protocol/field.ts';
import { speaksOfSlots } from '../../protocol/signature-slots.ts';
import { verifyStrictly } from '../../prover/strict-verifier.ts';

/*
 * An `ed25519` statement from its JSON to a proof that verifies, and what its public signals say to one who has slots
 * of his own.
 */

const CIRCUIT = 'ed25519-2';

let prover: LocalProver;
before(async () => {
  await prepareKeys([CIRCUIT], () => undefined);
  prover = await LocalProver.open();
});
after(() => prover.close());

test('two signatures proved, one of them with an R of small order', async () => {
  const slots = [signed(1, 'x'.repeat(110)), oddSignature({ key: 5n })].map(({ key, message, signature }) => ({
    key: toHex(key),
    message: toHex(message),
    signature: toHex(signature),
  }));
  const { proof, publicSignals } = await prover.prove(CIRCUIT, { slots });
  assert.deepEqual(publicSignals.map(BigInt), prepareInputs(CIRCUIT, { slots }).publicSignals);
  const { verificationKey } = await prover.key(CIRCUIT);
  assert.equal((await verifyStrictly(verificationKey, publicSignals, proof)).valid, true);

  const signals = publicSignals.map(BigInt);
  assert.equal(speaksOfSlots(signals, slots, 2), true);
  const [first, second] = slots as [(typeof slots)[number], (typeof slots)[number]];
  assert.equal(speaksOfSlots(signals, [second, first], 2), false);
  assert.equal(speaksOfSlots(signals, [first, { ...second, message: first.message }], 2), false);

  for (const place of [0, 1, 2]) {
    const other = publicSignals.with(
      place,
      ((signals[place] ?? 0n) === 0n ? 1n : (signals[place] ?? 0n) - 1n).toString(),
    );
    assert.equal((await verifyStrictly(verificationKey, other, proof)).valid, false);
    const alias = publicSignals.with(place, ((signals[place] ?? 0n) + FR).toString());
    assert.equal((await verifyStrictly(verificationKey, alias, proof)).valid, false);
  }
});

test('a signature that is not valid has no witness', async () => {
  const slots = [signed(1, 'one'), signed(2, 'two')].map(({ key, signature }) => ({
    key: toHex(key),
    message: toHex(new TextEncoder().encode('another')),
    signature: toHex(signature),
  }));
  await assert.rejects(prover.prove(CIRCUIT, { slots }), /signatures: expected signatures that verify/);
});
