// SPDX-License-Identifier: GPL-3.0-or-later
import { buildBn128, type WasmCurve } from 'ffjavascript';
import { FR } from '../protocol/field.ts';

let loading: Promise<WasmCurve> | undefined;

/**
 * BN254 in WebAssembly on the caller's thread, loaded once. It has no threads of its own, so nothing is to be ended.
 */
export function bn254(): Promise<WasmCurve> {
  loading ??= buildBn128(true);
  return loading;
}

/** What is wrong with a point, as the EVM's pairing precompile would see it (EIP-197), infinity aside. */
export type PointFault = 'infinity' | 'off the curve' | 'outside the subgroup';

/** @param point affine, coordinates in [0, q). The cofactor of G1 is one: every point of the curve is in it. */
export function faultOfG1({ G1 }: WasmCurve, point: Uint8Array): PointFault | undefined {
  if (G1.isZero(point)) return 'infinity';
  return G1.isValid(point) ? undefined : 'off the curve';
}

export function faultOfG2({ G2 }: WasmCurve, point: Uint8Array): PointFault | undefined {
  if (G2.isZero(point)) return 'infinity';
  if (!G2.isValid(point)) return 'off the curve';
  return G2.isZero(G2.timesScalar(point, FR)) ? undefined : 'outside the subgroup';
}
