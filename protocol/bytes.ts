// SPDX-License-Identifier: GPL-3.0-or-later
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { InvalidFieldError } from './errors.ts';

/** Lower-case hexadecimal with the prefix 0x. */
export type Hex = `0x${string}`;

export { concatBytes };

/**
 * Parse a byte string of fixed length.
 * @param text lower-case 0x-hex of exactly `length` bytes
 * @throws InvalidFieldError
 */
export function parseHex(text: unknown, length: number, label: string): Hex {
  if (typeof text !== 'string' || text.length !== 2 + 2 * length || !/^0x[0-9a-f]*$/.test(text)) {
    throw new InvalidFieldError(label, `${length} bytes as lower-case 0x-hex`);
  }
  return text as Hex;
}

export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

/** @param hex 0x-hex of whole bytes; already parsed */
export function fromHex(hex: Hex): Uint8Array {
  return hexToBytes(hex.slice(2));
}

/**
 * Big-endian, fixed width.
 * @throws InvalidFieldError when `value` does not fit `length` bytes
 */
export function toBytesBE(value: bigint, length: number, label: string): Uint8Array {
  if (value < 0n || value >= 1n << BigInt(8 * length)) {
    throw new InvalidFieldError(label, `an integer below 2^${8 * length}`);
  }
  return hexToBytes(value.toString(16).padStart(2 * length, '0'));
}

export function fromBytesBE(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(toHex(bytes));
}

/** First 31 bytes of SHA-256: as an integer it lies below 2^248, so it is a canonical field element. */
export function sha256Trunc31(...parts: Uint8Array[]): Uint8Array {
  return sha256(concatBytes(...parts)).subarray(0, 31);
}
