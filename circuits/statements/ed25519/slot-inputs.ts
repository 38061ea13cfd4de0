// SPDX-License-Identifier: GPL-3.0-or-later
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, fromHex, type Hex } from '../../../protocol/bytes.ts';
import { toFr } from '../../../protocol/field.ts';
import {
  evaluateWords,
  MAX_SLOT_MESSAGE_BYTES,
  slotChallenge,
  slotWords,
  type SignedSlot,
  type SlotSignals,
} from '../../../protocol/signature-slots.ts';
import { poseidonSponge } from '../../hints/sponge.ts';
import type { CircuitInput } from '../../statement-kind.ts';

/** A slot with the encoding of R, the first half of its signature. */
export interface NonceSlot extends SignedSlot {
  /** 32 bytes */
  readonly nonce: Hex;
}

const TAG = BigInt(`0x${Buffer.from('phalanx slots 1').toString('hex')}0000`);

const bitsOf = (byte: number): bigint[] => Array.from({ length: 8 }, (_, i) => BigInt((byte >> i) & 1));
const bits = (hex: Hex): bigint[] => [...fromHex(hex)].flatMap(bitsOf);

/** Message, 0x80 and zeros. */
function padded(message: Hex): Uint8Array {
  const bytes = fromHex(message);
  const all = new Uint8Array(MAX_SLOT_MESSAGE_BYTES + 1);
  all.set(bytes);
  all[bytes.length] = 0x80;
  return all;
}

/** Public signals of a statement about these slots. */
export function slotSignals(slots: readonly SignedSlot[]): SlotSignals {
  const words = slotWords(slots);
  const digest = toFr(poseidonSponge(TAG + BigInt(slots.length), words, 1)[0] ?? -1n, 'digest');
  const challenge = slotChallenge(digest, slots);
  return { digest, challenge, evaluation: evaluateWords(words, challenge) };
}

/** Inputs of SignedSlots(n), for n slots. */
export function slotInputs(slots: readonly NonceSlot[]): CircuitInput {
  return {
    key: slots.map(({ key }) => bits(key)),
    nonce: slots.map(({ nonce }) => bits(nonce)),
    padded: slots.flatMap(({ message }) => [...padded(message)].map(bitsOf)),
    challenge: slotSignals(slots).challenge,
  };
}

/** SHA-512(R | A | M) as a little-endian number, not reduced. */
export function slotHash({ nonce, key, message }: NonceSlot): bigint {
  const digest = sha512(concatBytes(fromHex(nonce), fromHex(key), fromHex(message)));
  return BigInt(`0x${Buffer.from(digest).reverse().toString('hex')}`);
}
