// SPDX-License-Identifier: GPL-3.0-or-later
import { bn254 } from '@noble/curves/bn254.js';
import { outsideSubgroup } from '../../circuits/testing/forged-key.ts';
import type { Proof } from '../../protocol/proof.ts';

const { Fp2 } = bn254.fields;

/** Affine coordinates as a proof has them. */
export type G1 = Proof['a'];
export type G2 = Proof['b'];

/** noble's points, and back to coordinates. They must be on their curve, and not at infinity. */
export const g1 = ([x, y]: G1) => bn254.G1.Point.fromAffine({ x, y });
export const g2 = ([x, y]: G2) =>
  bn254.G2.Point.fromAffine({ x: Fp2.fromBigTuple([...x]), y: Fp2.fromBigTuple([...y]) });

export function fromG1(point: ReturnType<typeof g1>): G1 {
  const { x, y } = point.toAffine();
  return [x, y];
}

export function fromG2(point: ReturnType<typeof g2>): G2 {
  const { x, y } = point.toAffine();
  return [[x.c0, x.c1], [y.c0, y.c1]]; // prettier-ignore
}

/** A point of the twist whose order divides the cofactor: added to a point of the subgroup, it is the least change. */
export function torsionPoint(from: bigint): G2 {
  const point = g2(outsideSubgroup(from));
  return fromG2(point.multiplyUnsafe(bn254.fields.Fr.ORDER - 1n).add(point));
}
