// SPDX-License-Identifier: GPL-3.0-or-later
import { InvalidFieldError } from './errors.ts';

/** BN254 scalar field order r (EIP-197). A public signal is an integer in [0, r). */
export const FR = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** BN254 base field order q (EIP-197). A proof's coordinates are integers in [0, q). */
export const FQ = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** An integer in [0, FR). */
export type Fr = bigint & { readonly __brand: 'Fr' };

/**
 * Brand an integer as a scalar-field element.
 * @param label name of the field in the error
 * @throws InvalidFieldError when outside [0, FR)
 */
export function toFr(value: bigint, label: string): Fr {
  if (value < 0n || value >= FR)
    throw new InvalidFieldError(label, 'an integer in [0, r), r the BN254 scalar field order');
  return value as Fr;
}

/**
 * Parse one public signal.
 * @param text canonical decimal: no sign, no leading zero, value < FR
 * @throws InvalidFieldError
 */
export function parseFr(text: unknown, label: string): Fr {
  return toFr(parseDecimal(text, label), label);
}

/**
 * Parse an unsigned 64-bit integer.
 * @param text canonical decimal, value < 2^64
 * @throws InvalidFieldError
 */
export function parseU64(text: unknown, label: string): bigint {
  const value = parseDecimal(text, label);
  if (value >= 1n << 64n) throw new InvalidFieldError(label, 'an integer below 2^64');
  return value;
}

/** @throws InvalidFieldError when `text` is not a canonical decimal of at most 78 digits */
export function parseDecimal(text: unknown, label: string): bigint {
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,77})$/.test(text)) {
    throw new InvalidFieldError(label, 'a canonical decimal string');
  }
  return BigInt(text);
}
