// SPDX-License-Identifier: GPL-3.0-or-later
import { Field } from '@noble/curves/abstract/modular.js';
import { grainGenConstants, poseidon as noblePoseidon } from '@noble/curves/abstract/poseidon.js';
import { babyjubjub } from '@noble/curves/misc.js';
import { BASE8, SUBGROUP_ORDER, type Point } from '../../protocol/eddsa.ts';
import { FR } from '../../protocol/field.ts';

/*
 * Arithmetic for the reference models, from noble-curves: another implementation than the one that builds inputs, and
 * Poseidon's constants drawn anew from their specification (Grain LFSR) instead of read from a table.
 */

const field = Field(FR);
const PARTIAL_ROUNDS: Readonly<Record<number, number>> = { 2: 57, 3: 56, 4: 60, 5: 60 };
const permutations = new Map<number, (state: bigint[]) => bigint[]>();

/** circomlib's Poseidon(n), 2 <= n <= 5. */
export function refPoseidon(inputs: readonly bigint[]): bigint {
  let permutation = permutations.get(inputs.length);
  if (!permutation) {
    const roundsPartial = PARTIAL_ROUNDS[inputs.length];
    if (roundsPartial === undefined) throw new RangeError(`Poseidon over ${inputs.length} inputs`);
    const options = { Fp: field, t: inputs.length + 1, roundsFull: 8, roundsPartial, sboxPower: 5 };
    permutation = noblePoseidon({ ...options, ...grainGenConstants(options) });
    permutations.set(inputs.length, permutation);
  }
  return permutation([0n, ...inputs])[0] ?? 0n;
}

type CurvePoint = ReturnType<typeof babyjubjub.Point.fromAffine>;

/** The four points of order 1, 2 and 4, and one of order 8 (found below): multiples of a generator of the 8-torsion. */
export const TORSION: readonly Point[] = torsion();

function torsion(): Point[] {
  // A point's (8-torsion part) is l times it. Walk y until l*P has order 8.
  for (let y = 2n; ; y++) {
    const x = field.div(field.sub(1n, field.sqr(y)), field.sub(168700n, field.mul(168696n, field.sqr(y))));
    let root: bigint;
    try {
      root = field.sqrt(x);
    } catch {
      continue; // no point of that y
    }
    const generator = multiply({ x: root, y }, SUBGROUP_ORDER);
    if (sameXY(multiply(generator, 4n), { x: 0n, y: 1n })) continue;
    return Array.from({ length: 8 }, (_, k) => multiply(generator, BigInt(k)));
  }
}

export function refOnCurve({ x, y }: Point): boolean {
  const x2 = field.sqr(x);
  const y2 = field.sqr(y);
  const dxy = field.mul(168696n, field.mul(x2, y2));
  return field.add(field.mul(168700n, x2), y2) === field.add(1n, dxy);
}

/** Any scalar, any point of the curve. */
export function multiply(point: Point, scalar: bigint): Point {
  let sum: CurvePoint = babyjubjub.Point.ZERO;
  let power = babyjubjub.Point.fromAffine(point);
  for (let left = scalar; left > 0n; left >>= 1n, power = power.double()) if (left & 1n) sum = sum.add(power);
  return sum.toAffine();
}

export function addPoints(a: Point, b: Point): Point {
  return babyjubjub.Point.fromAffine(a).add(babyjubjub.Point.fromAffine(b)).toAffine();
}

export function sameXY(a: Point, b: Point): boolean {
  return a.x === b.x && a.y === b.y;
}

/** EdDSA-Poseidon with the cofactor on A, R8 and A on the curve, s < l, 8A not the identity. */
export function refVerify(key: Point, message: bigint, r8: Point, s: bigint): boolean {
  if (!refOnCurve(key) || !refOnCurve(r8) || s >= SUBGROUP_ORDER) return false;
  const key8 = multiply(key, 8n);
  if (sameXY(key8, { x: 0n, y: 1n })) return false;
  const h = refPoseidon([r8.x, r8.y, key.x, key.y, message]);
  return sameXY(multiply(BASE8, s), addPoints(r8, multiply(key8, h)));
}

/** Root over leaves: 4-ary, binary at the top when two nodes are left. */
export function refRoot(leaves: readonly bigint[]): bigint {
  if (leaves.length === 1) return leaves[0] ?? 0n;
  const arity = leaves.length === 2 ? 2 : 4;
  const next: bigint[] = [];
  for (let i = 0; i < leaves.length; i += arity) next.push(refPoseidon(leaves.slice(i, i + arity)));
  return refRoot(next);
}

/** The value of a scalar signal. */
export function scalar(value: unknown): bigint {
  if (typeof value !== 'bigint') throw new TypeError('not a scalar signal');
  return value;
}

/** The values of an array signal. */
export function list(value: unknown): readonly bigint[] {
  if (!Array.isArray(value)) throw new TypeError('not an array signal');
  return value.map(scalar);
}
