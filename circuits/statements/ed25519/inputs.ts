// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { fromHex, toHex, type Hex } from '../../../protocol/bytes.ts';
import { InvalidFieldError } from '../../../protocol/errors.ts';
import { MAX_SLOT_MESSAGE_BYTES, type SignedSlot } from '../../../protocol/signature-slots.ts';
import { buildEd25519Inputs } from '../../hints/ed25519/batch.ts';
import type { CircuitDefinition, CircuitInput } from '../../statement-kind.ts';
import { slotHash, slotInputs, slotSignals } from './slot-inputs.ts';

/** A slot with its signature. */
export interface Ed25519Slot extends SignedSlot {
  /** R | S, 64 bytes */
  readonly signature: Hex;
}

export interface Ed25519Input {
  /** 1 to as many as the circuit has; the first fills those that are not used */
  readonly slots: readonly Ed25519Slot[];
}

/** Slots of the largest circuit. */
const MAX_SLOTS = 15;

const hexBytes = (min: number, max: number): z.ZodType<Hex> =>
  z
    .templateLiteral(['0x', z.string().regex(/^([0-9a-f]{2})*$/)])
    .refine(
      (hex) => hex.length >= 2 + 2 * min && hex.length <= 2 + 2 * max,
      min === max ? `${min} bytes` : `${min} to ${max} bytes`,
    );

export const ed25519InputSchema: z.ZodType<Ed25519Input> = z.strictObject({
  slots: z
    .array(
      z.strictObject({
        key: hexBytes(32, 32),
        message: hexBytes(0, MAX_SLOT_MESSAGE_BYTES),
        signature: hexBytes(64, 64),
      }),
    )
    .min(1)
    .max(MAX_SLOTS),
});

const littleEndian = (bytes: Uint8Array): bigint => BigInt(toHex(Uint8Array.from(bytes).reverse()));

/**
 * @throws InvalidFieldError for more slots than the circuit has, or signatures that ZIP-215 refuses: for those there is
 * no witness
 */
export function buildEd25519StatementInputs(circuit: CircuitDefinition, { slots }: Ed25519Input): CircuitInput {
  const capacity = circuit.capacity ?? 0;
  const [first] = slots;
  if (!first || slots.length > capacity) throw new InvalidFieldError('slots', `1 to ${capacity} slots`);
  const all = Array.from({ length: capacity }, (_, i) => slots[i] ?? first).map((slot) => ({
    ...slot,
    nonce: toHex(fromHex(slot.signature).subarray(0, 32)),
  }));
  const {
    a: _a,
    r: _r,
    h: _h,
    ...hints
  } = buildEd25519Inputs(
    all.map((slot) => ({
      key: littleEndian(fromHex(slot.key)),
      r: littleEndian(fromHex(slot.nonce)),
      s: littleEndian(fromHex(slot.signature).subarray(32)),
      digest: slotHash(slot),
    })),
  );
  return { ...slotSignals(all), ...slotInputs(all), ...hints };
}
