// SPDX-License-Identifier: GPL-3.0-or-later
import { randomFillSync } from 'node:crypto';
import { FR } from '../../protocol/field.ts';
import { FIELD_BYTES, type Bn254Wasm } from './bn254-wasm.ts';

/**
 * Draw a uniform non-zero element of the scalar field from the system's random source, straight into WebAssembly memory:
 * a JavaScript integer could not be overwritten afterwards.
 * @param address where it goes, as an ordinary little-endian integer (which is uniform read as Montgomery form too)
 */
export function drawSecret(wasm: Bn254Wasm, address: number): void {
  const secret = wasm.bytes.subarray(address, address + FIELD_BYTES);
  do {
    randomFillSync(secret);
    secret[31] = (secret[31] ?? 0) & 0x3f;
  } while (!isBelowOrder(secret) || wasm.run.frm_isZero(address));
}

const ORDER = Uint8Array.from({ length: FIELD_BYTES }, (_, index) => Number((FR >> BigInt(8 * index)) & 0xffn));

function isBelowOrder(value: Uint8Array): boolean {
  for (let index = FIELD_BYTES - 1; index >= 0; index--) {
    const difference = (value[index] ?? 0) - (ORDER[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
