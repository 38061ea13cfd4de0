// SPDX-License-Identifier: GPL-3.0-or-later
import type { WasmCurve } from 'ffjavascript';
import type { Hex } from '../protocol/bytes.ts';
import { InvalidFieldError } from '../protocol/errors.ts';
import { verificationKeyHash, type VerificationKey } from '../protocol/verification-key.ts';
import { bn254, faultOfG1, faultOfG2, type PointFault } from './bn254.ts';

/** A verification key whose points are checked, with the parts of the pairing equation that never change. */
export interface PreparedKey {
  readonly keyHash: Hex;
  readonly nPublic: number;
  /** points of G1, nPublic + 1 */
  readonly ic: readonly Uint8Array[];
  /** Miller loop of (alpha, beta) */
  readonly alphaBeta: Uint8Array;
  readonly gamma: Uint8Array;
  readonly delta: Uint8Array;
}

const prepared = new WeakMap<VerificationKey, Promise<PreparedKey>>();

/**
 * Check a key's points and prepare it; done once for each object.
 * @throws InvalidFieldError when the key is malformed or a point is not in its group
 */
export function prepareVerificationKey(key: VerificationKey): Promise<PreparedKey> {
  const known = prepared.get(key);
  if (known) return known;
  const made = bn254().then((curve) => prepare(curve, key));
  prepared.set(key, made);
  return made;
}

/**
 * A key's form: what it is, how many points it has, affine points with canonical coordinates in [0, q).
 * @returns its hash
 * @throws InvalidFieldError
 */
export function checkKeyForm(key: VerificationKey): Hex {
  if (key.protocol !== 'groth16' || key.curve !== 'bn128') throw new InvalidFieldError('key', 'a groth16 key on bn128');
  const hash = verificationKeyHash(key);
  const affine = (is: boolean, label: string): void => {
    if (!is) throw new InvalidFieldError(label, 'an affine point');
  };
  affine(key.vk_alpha_1[2] === '1', 'vk_alpha_1');
  for (const label of ['vk_beta_2', 'vk_gamma_2', 'vk_delta_2'] as const) {
    affine(key[label][2][0] === '1' && key[label][2][1] === '0', label);
  }
  key.IC.forEach((point, i) => affine(point[2] === '1', `IC[${i}]`));
  return hash;
}

function prepare(curve: WasmCurve, key: VerificationKey): PreparedKey {
  const keyHash = checkKeyForm(key);
  const g1 = ([x, y]: VerificationKey['vk_alpha_1'], label: string): Uint8Array => {
    const point = curve.G1.fromObject([BigInt(x), BigInt(y), 1n]);
    return sound(point, faultOfG1(curve, point), label);
  };
  const g2 = ([x, y]: VerificationKey['vk_beta_2'], label: string): Uint8Array => {
    const point = curve.G2.fromObject([x.map(BigInt), y.map(BigInt), [1n, 0n]]);
    return sound(point, faultOfG2(curve, point), label);
  };
  const prepareG2 = (point: Uint8Array): Uint8Array => curve.prepareG2(curve.G2.toJacobian(point));
  const alpha = curve.prepareG1(curve.G1.toJacobian(g1(key.vk_alpha_1, 'vk_alpha_1')));
  return {
    keyHash,
    nPublic: key.nPublic,
    ic: key.IC.map((point, i) => g1(point, `IC[${i}]`)),
    alphaBeta: curve.millerLoop(alpha, prepareG2(g2(key.vk_beta_2, 'vk_beta_2'))),
    gamma: prepareG2(g2(key.vk_gamma_2, 'vk_gamma_2')),
    delta: prepareG2(g2(key.vk_delta_2, 'vk_delta_2')),
  };
}

function sound(point: Uint8Array, fault: PointFault | undefined, label: string): Uint8Array {
  if (fault) throw new InvalidFieldError(label, `a point of its group, not one ${fault}`);
  return point;
}
