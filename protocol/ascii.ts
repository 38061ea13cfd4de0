// SPDX-License-Identifier: GPL-3.0-or-later
import { InvalidFieldError } from './errors.ts';

/** @throws InvalidFieldError on anything outside printable ASCII */
export function asciiToBytes(text: string): Uint8Array {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new InvalidFieldError('text', 'printable ASCII');
  return new TextEncoder().encode(text);
}
