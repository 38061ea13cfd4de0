// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { toHex, type Hex } from '../../../protocol/bytes.ts';
import { Draw } from '../../testing/draw.ts';
import { CircuitUnderTest } from '../../testing/harness.ts';
import { templateInstance } from '../../testing/template-instance.ts';
import { slotHash, slotInputs, slotSignals, type NonceSlot } from './slot-inputs.ts';

const SOURCE = 'statements/ed25519/signed_slots.circom';
const draw = new Draw('slots');
const randomHex = (length: number): Hex => toHex(Uint8Array.from({ length }, () => Number(draw.below(256n))));
const slot = (length: number): NonceSlot => ({ key: randomHex(32), nonce: randomHex(32), message: randomHex(length) });

let circuit: CircuitUnderTest;
before(async () => {
  circuit = await CircuitUnderTest.of(templateInstance(SOURCE, 'SignedSlots', [1]));
});

/** Outputs in their order: digest, evaluation, keyBits, nonceBits, hash. */
function outputs(witness: readonly bigint[]): { digest?: bigint; evaluation?: bigint; numbers: bigint[] } {
  const [, digest, evaluation] = witness;
  const number = (from: number, size: number): bigint =>
    witness.slice(from, from + size).reduce((sum, bit, i) => sum + (bit << BigInt(i)), 0n);
  return { digest, evaluation, numbers: [number(3, 256), number(259, 256), number(515, 512)] } as never;
}
const littleEndian = (hex: Hex): bigint => BigInt(`0x${Buffer.from(hex.slice(2), 'hex').reverse().toString('hex')}`);

test('exact constraint count', () => {
  assert.equal(circuit.r1cs.constraints, 85_053);
});

test('digest, evaluation and hash are what TypeScript computes, at the lengths where something changes', async () => {
  for (const length of [0, 1, 31, 32, 47, 48, 63, 109, 128, 152, 153, 174, 175]) {
    const one = slot(length);
    const { digest, evaluation } = slotSignals([one]);
    assert.deepEqual(outputs(await circuit.witness(slotInputs([one]))), {
      digest,
      evaluation,
      numbers: [littleEndian(one.key), littleEndian(one.nonce), slotHash(one)],
    });
  }
});

test('jacobian_full_rank_each_template: SignedSlots and SlotWords', async () => {
  await circuit.expectDetermined(slotInputs([slot(109)]));
});

describe('bits are bits', () => {
  for (const name of ['key', 'nonce', 'padded'] as const) {
    test(name, async () => {
      const input = slotInputs([slot(100)]);
      const rows = (input[name] as bigint[][]).map((row) => [...row]);
      (rows[0] ?? [])[3] = 2n;
      await circuit.expectFail({ ...input, [name]: rows }, 'Binary');
    });
  }
});
