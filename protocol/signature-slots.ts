// SPDX-License-Identifier: GPL-3.0-or-later
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes, fromBytesBE, fromHex, toBytesBE, type Hex } from './bytes.ts';
import { InvalidFieldError } from './errors.ts';
import { FR, toFr, type Fr } from './field.ts';

/** Longest message of a slot: with R, A and SHA-512's padding it fills two blocks. */
export const MAX_SLOT_MESSAGE_BYTES = 175;
/** Seven words of 31 bytes: length, key, message, zeros. */
export const SLOT_BYTES = 217;
const WORD_BYTES = 31;
const SLOT_WORDS = SLOT_BYTES / WORD_BYTES;

/** What a slot of an `ed25519` statement says: this key signed this message. */
export interface SignedSlot {
  /** Ed25519 public key as encoded: 32 bytes */
  readonly key: Hex;
  /** 0 to 175 bytes */
  readonly message: Hex;
}

/** Public signals of an `ed25519` proof. */
export interface SlotSignals {
  /** Poseidon sponge over the words, which the circuit computes */
  readonly digest: Fr;
  readonly challenge: Fr;
  readonly evaluation: Fr;
}

/**
 * The bytes of a slot: one of length, 32 of key, 175 of message with zeros after its length, 9 of zero.
 * @throws InvalidFieldError for a key of another length or a message above 175 bytes
 */
export function slotBytes({ key, message }: SignedSlot): Uint8Array {
  const [keyBytes, messageBytes] = [fromHex(key), fromHex(message)];
  if (keyBytes.length !== 32) throw new InvalidFieldError('key', '32 bytes');
  if (messageBytes.length > MAX_SLOT_MESSAGE_BYTES) {
    throw new InvalidFieldError('message', `at most ${MAX_SLOT_MESSAGE_BYTES} bytes`);
  }
  const bytes = new Uint8Array(SLOT_BYTES);
  bytes[0] = messageBytes.length;
  bytes.set(keyBytes, 1);
  bytes.set(messageBytes, 33);
  return bytes;
}

/** The words of slots, in order: big-endian, so each is below 2^248 and a canonical field element. */
export function slotWords(slots: readonly SignedSlot[]): Fr[] {
  return slots.flatMap((slot) => {
    const bytes = slotBytes(slot);
    return Array.from({ length: SLOT_WORDS }, (_, w) =>
      toFr(fromBytesBE(bytes.subarray(WORD_BYTES * w, WORD_BYTES * (w + 1))), 'word'),
    );
  });
}

/** rho = keccak256(digest as 32 bytes, then the slots' bytes) mod r. */
export function slotChallenge(digest: Fr, slots: readonly SignedSlot[]): Fr {
  const hash = keccak_256(concatBytes(toBytesBE(digest, 32, 'digest'), ...slots.map(slotBytes)));
  return toFr(fromBytesBE(hash) % FR, 'challenge');
}

/** w_0 + w_1 challenge + w_2 challenge^2 + ... mod r. */
export function evaluateWords(words: readonly Fr[], challenge: Fr): Fr {
  return toFr(
    words.reduceRight<bigint>((sum, word) => (sum * challenge + word) % FR, 0n),
    'evaluation',
  );
}

/**
 * Whether a proof with these public signals speaks of these slots: circuits/lib/evaluated_data.circom says why, and
 * what each check is for. Slots that are not used repeat the first.
 * @param signals digest, challenge and evaluation
 * @param slots the verifier's own, as many as the circuit has
 * @param capacity the circuit's n
 * @throws InvalidFieldError for slots that have no bytes, see `slotBytes`
 */
export function speaksOfSlots(signals: readonly bigint[], slots: readonly SignedSlot[], capacity: number): boolean {
  const [digest, challenge, evaluation] = signals;
  if (signals.length !== 3 || digest === undefined || slots.length !== capacity) return false;
  if (signals.some((signal) => signal < 0n || signal >= FR)) return false;
  const rho = slotChallenge(toFr(digest, 'digest'), slots);
  return challenge === rho && evaluation === evaluateWords(slotWords(slots), rho);
}
