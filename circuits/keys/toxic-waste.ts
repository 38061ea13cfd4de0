// SPDX-License-Identifier: GPL-3.0-or-later
import { randomFillSync } from 'node:crypto';
import { FR } from '../../protocol/field.ts';
import { FIELD_BYTES, type Bn254Wasm } from './bn254-wasm.ts';

/** Addresses of the secrets whose knowledge forges proofs, each a field element in Montgomery form. */
export interface ToxicWaste {
  readonly tau: number;
  readonly alpha: number;
  readonly beta: number;
  readonly delta: number;
}

/**
 * Draw a key's secrets. They exist only in `wasm`, which its owner wipes.
 * @param size tau is no root of unity of this order (a power of two), so that no Lagrange polynomial has a pole or
 * vanishes
 */
export function drawToxicWaste(wasm: Bn254Wasm, size: number): ToxicWaste {
  const [tau, alpha, beta, delta, power, one] = Array.from({ length: 6 }, () => wasm.allocate(FIELD_BYTES)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  wasm.run.frm_one(one);
  do {
    drawSecret(wasm, tau);
    wasm.run.frm_copy(tau, power);
    for (let order = 1; order < size; order *= 2) wasm.run.frm_square(power, power);
  } while (wasm.run.frm_eq(power, one));
  for (const secret of [alpha, beta, delta]) drawSecret(wasm, secret);
  return { tau, alpha, beta, delta };
}

/**
 * Draw a uniform non-zero element of the scalar field from the system's random source, straight into WebAssembly
 * memory: a JavaScript integer could not be overwritten afterwards.
 * Uniform bytes below r are as uniform read in Montgomery form.
 */
function drawSecret(wasm: Bn254Wasm, address: number): void {
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
