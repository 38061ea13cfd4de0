// SPDX-License-Identifier: GPL-3.0-or-later
import { ed25519 } from '@noble/curves/ed25519.js';
import { toHex } from '../../../protocol/bytes.ts';
import { evaluateWords, slotWords, type SignedSlot } from '../../../protocol/signature-slots.ts';
import { toFr } from '../../../protocol/field.ts';
import type { CircuitInput } from '../../statement-kind.ts';
import { refSponge } from '../../testing/batch-reference.ts';
import { list, scalar } from '../../testing/reference.ts';

const TAG = BigInt(`0x${Buffer.from('phalanx slots 1').toString('hex')}0000`);

const bytesOf = (bits: readonly bigint[]): Uint8Array =>
  Uint8Array.from({ length: bits.length / 8 }, (_, k) =>
    bits.slice(8 * k, 8 * k + 8).reduce((sum, bit, i) => sum + Number(bit << BigInt(i)), 0),
  );

/**
 * Whether the circuit has to accept these inputs, signal by signal, said without its arithmetic. Of the batch's hints
 * only the scalars are looked at: the others are the engine's, and taken for honest.
 */
export function ed25519Accepts(n: number, input: CircuitInput): boolean {
  const rows = (name: string): readonly bigint[][] => {
    const value = input[name];
    if (!Array.isArray(value)) throw new TypeError(name);
    return value.map((row) => [...list(row)]);
  };
  const [keys, nonces, padded, scalars] = [rows('key'), rows('nonce'), rows('padded'), rows('s')];
  if ([...keys, ...nonces, ...padded].some((row) => row.some((bit) => bit > 1n))) return false;

  const slots: SignedSlot[] = [];
  for (let i = 0; i < n; i++) {
    const bytes = bytesOf(padded.slice(176 * i, 176 * (i + 1)).flat());
    const length = bytes.findLastIndex((byte) => byte !== 0);
    if (bytes[length] !== 0x80) return false;
    const [key, nonce, message] = [bytesOf(keys[i] ?? []), bytesOf(nonces[i] ?? []), bytes.subarray(0, length)];
    const s = (scalars[i] ?? []).flatMap((limb) =>
      Array.from({ length: 4 }, (_, k) => Number((limb >> BigInt(8 * k)) & 255n)),
    );
    if (!ed25519.verify(Uint8Array.from([...nonce, ...s]), message, key, { zip215: true })) return false;
    slots.push({ key: toHex(key), message: toHex(message) });
  }
  const words = slotWords(slots);
  const at = toFr(scalar(input.challenge), 'challenge');
  return (
    scalar(input.digest) === refSponge(TAG + BigInt(n), words, 1)[0] &&
    scalar(input.evaluation) === evaluateWords(words, at)
  );
}
