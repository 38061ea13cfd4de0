// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { BASE8, SUBGROUP_ORDER, type Point, type Signature } from '../../../protocol/eddsa.ts';
import { InvalidFieldError } from '../../../protocol/errors.ts';
import { toFr, type Fr } from '../../../protocol/field.ts';
import { poseidon } from '../../../protocol/poseidon.ts';
import { MIN_SHARE, SHARE_DENOMINATOR } from '../../../protocol/share.ts';
import { parseCapacity, setCommitment, validatorSet, type Validator } from '../../../protocol/validator-set.ts';
import { frSchema, pointSchema, signatureSchema, u64Schema } from '../../input-schema.ts';
import type { CircuitDefinition, CircuitInput } from '../../statement-kind.ts';

/** A validator where it stands in the set. */
export interface OccupiedSlot {
  readonly index: number;
  readonly key: Point;
  readonly stakeGwei: bigint;
}

export interface SlotSignature {
  readonly index: number;
  readonly signature: Signature;
}

export interface QuorumInput {
  readonly epoch: bigint;
  /** the whole set, also those who did not sign */
  readonly slots: readonly OccupiedSlot[];
  readonly message: Fr;
  readonly share: number;
  /** those to be counted */
  readonly signatures: readonly SlotSignature[];
}

const index = z.int().min(0).max(127);

export const quorumInputSchema: z.ZodType<QuorumInput> = z.strictObject({
  epoch: u64Schema,
  slots: z.array(z.strictObject({ index, key: pointSchema, stakeGwei: u64Schema })).max(128),
  message: frSchema,
  share: z
    .int()
    .min(MIN_SHARE)
    .max(SHARE_DENOMINATOR - 1),
  signatures: z.array(z.strictObject({ index, signature: signatureSchema })).max(128),
});

/** What stands in an empty slot: satisfies the circuit and counts for nothing. */
const NO_VALIDATOR: Validator = { key: BASE8, stakeGwei: 0n };

/** What stands in place of a missing signature: one by Base8, whose secret is 1, with a nonce of 0. */
export function noSignature(message: Fr): Signature {
  const r8 = { x: 0n, y: 1n };
  return { r8, s: (8n * poseidon([r8.x, r8.y, BASE8.x, BASE8.y, message])) % SUBGROUP_ORDER };
}

/** @throws InvalidFieldError for a slot beyond the capacity or named twice, or a signature where nobody stands */
export function buildQuorumInputs(circuit: CircuitDefinition, input: QuorumInput): CircuitInput {
  const capacity = parseCapacity(circuit.capacity, 'capacity');
  const slots = bySlot(input.slots, capacity, 'slots');
  const signatures = bySlot(input.signatures, capacity, 'signatures');
  let signers = 0n;
  for (const { index: slot } of input.signatures) {
    if (!slots[slot]) throw new InvalidFieldError(`signatures[${slot}]`, 'a slot that holds a validator');
    signers |= 1n << BigInt(slot);
  }
  const filled = slots.map((slot) => slot ?? NO_VALIDATOR);
  const filling = noSignature(input.message);
  const signed = signatures.map((slot) => slot?.signature ?? filling);
  return {
    setCommitment: setCommitment(validatorSet(input.epoch, capacity, slots)),
    message: input.message,
    signers: toFr(signers, 'signers'),
    share: BigInt(input.share),
    epoch: input.epoch,
    present: slots.map((slot) => (slot ? 1n : 0n)),
    keyX: filled.map(({ key }) => key.x),
    keyY: filled.map(({ key }) => key.y),
    stake: filled.map(({ stakeGwei }) => stakeGwei),
    r8x: signed.map(({ r8 }) => r8.x),
    r8y: signed.map(({ r8 }) => r8.y),
    s: signed.map(({ s }) => s),
  };
}

function bySlot<T extends { readonly index: number }>(
  items: readonly T[],
  capacity: number,
  label: string,
): (T | undefined)[] {
  const slots = new Array<T | undefined>(capacity).fill(undefined);
  for (const item of items) {
    if (item.index >= capacity) throw new InvalidFieldError(`${label}[${item.index}]`, `an index below ${capacity}`);
    if (slots[item.index]) throw new InvalidFieldError(`${label}[${item.index}]`, 'an index that occurs once');
    slots[item.index] = item;
  }
  return slots;
}
