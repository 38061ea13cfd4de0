// SPDX-License-Identifier: GPL-3.0-or-later
import { limbsOf, type PolynomialRing } from '../nonnative/polynomial-ring.ts';
import { alongLine, chord, MAP_FACTOR, negate, QUARTER_POINT_V, tangent, type CurvePoint } from './curve25519.ts';

const A = 486662n;
const LIMBS = 8;
const TOP_BITS = 31;
const LIMB_BOUNDS = limbsOf((1n << 255n) - 1n, LIMBS);

/** A point, and the polynomials that its coordinates are in the circuit. */
export interface TracedPoint<T> {
  readonly u: T;
  readonly v: T;
  readonly point: CurvePoint;
}

/**
 * The hints and relations modulo p of lib/ed25519, in the order of its templates: each method is the template of its
 * name.
 * @throws NoHintError where the relations have no solution: an addition of points of one u, a double of order 2
 */
export class CurveRelations<T> {
  readonly elements: bigint[] = [];
  readonly relations: T[] = [];

  constructor(private readonly ring: PolynomialRing<T>) {}

  element(value: bigint): T {
    this.elements.push(value);
    return this.ring.element(value, LIMBS, TOP_BITS);
  }

  /** The last hint: what comes of an operation follows from the slope as it was given. */
  #last(): bigint {
    return this.elements.at(-1) ?? 0n;
  }

  /** A constant of [0, 2^256). */
  constant(value: bigint): T {
    return this.ring.coefficients(limbsOf(value, LIMBS));
  }

  add(p: TracedPoint<T>, q: TracedPoint<T>): TracedPoint<T> {
    const { ring } = this;
    const slope = this.element(chord(p.point, q.point));
    this.relations.push(ring.add(ring.subtract(ring.multiply(slope, ring.subtract(q.u, p.u)), q.v), p.v));
    return this.#along(p, q.u, slope, alongLine(p.point, q.point.u, this.#last()));
  }

  double(p: TracedPoint<T>): TracedPoint<T> {
    const { ring } = this;
    const slope = this.element(tangent(p.point));
    const left = ring.scale(ring.multiply(slope, p.v), 2n);
    const right = ring.add(ring.scale(ring.multiply(p.u, p.u), 3n), ring.scale(p.u, 2n * A));
    this.relations.push(ring.subtract(ring.subtract(left, right), ring.coefficients([1n])));
    return this.#along(p, p.u, slope, alongLine(p.point, p.point.u, this.#last()));
  }

  #along(p: TracedPoint<T>, u2: T, slope: T, point: CurvePoint): TracedPoint<T> {
    const { ring } = this;
    const square = ring.subtract(ring.multiply(slope, slope), ring.coefficients([A]));
    const u = ring.subtract(ring.subtract(square, p.u), u2);
    return { u, v: ring.subtract(ring.multiply(slope, ring.subtract(p.u, u)), p.v), point };
  }

  /** u as a hint again. */
  freshU(p: TracedPoint<T>): TracedPoint<T> {
    const u = this.element(p.point.u);
    this.relations.push(this.ring.subtract(p.u, u));
    return { u, v: p.v, point: { u: this.#last(), v: p.point.v } };
  }

  equal(p: TracedPoint<T>, q: TracedPoint<T>): void {
    this.relations.push(this.ring.subtract(p.u, q.u), this.ring.subtract(p.v, q.v));
  }

  /** @param y below 2^255, not reduced */
  decompressedPoint(y: bigint, x: bigint, point: CurvePoint, isExceptional: boolean): TracedPoint<T> {
    const { ring } = this;
    const [u, v, xElement] = [this.element(point.u), this.element(point.v), this.element(x)];
    const yLimbs = ring.coefficients(limbsOf(y, LIMBS), LIMB_BOUNDS);
    const one = ring.coefficients([1n]);
    const fromY = ring.subtract(ring.subtract(ring.subtract(u, ring.multiply(yLimbs, u)), one), yLimbs);
    const fromX = ring.subtract(ring.multiply(v, xElement), ring.multiply(this.constant(MAP_FACTOR), u));
    const square = ring.multiply(u, u);
    const cubic = ring.multiply(u, ring.add(ring.add(square, ring.scale(u, A)), one));
    const chosen = isExceptional ? 1 : 0;
    this.relations.push(
      ring.select([fromY, ring.subtract(u, one)], chosen),
      ring.select([fromX, ring.subtract(v, this.constant(QUARTER_POINT_V))], chosen),
      ring.subtract(ring.multiply(v, v), cubic),
    );
    return { u, v, point };
  }

  /** P, 3P, ..., 15P */
  oddMultiples(point: TracedPoint<T>): TracedPoint<T>[] {
    const twice = this.double(point);
    const multiples = [point];
    for (let last = point; multiples.length < 8; multiples.push(last)) last = this.add(last, twice);
    return multiples;
  }

  /** The |digit|-th of these odd multiples, with the digit's sign. */
  selectMultiple(multiples: readonly TracedPoint<T>[], digit: number): TracedPoint<T> {
    const { ring } = this;
    const index = (Math.abs(digit) - 1) / 2;
    const point = multiples[index]?.point;
    if (!point) throw new RangeError(`no multiple ${digit}`);
    const u = ring.select(
      multiples.map((one) => one.u),
      index,
    );
    const v = ring.select(
      multiples.map((one) => one.v),
      index,
    );
    return digit < 0 ? { u, v: ring.scale(v, -1n), point: negate(point) } : { u, v, point };
  }

  /** Sum of digits[k] times the point of row k. */
  comb(table: readonly (readonly CurvePoint[])[], digits: readonly number[]): TracedPoint<T> {
    const windows = digits.map((digit, k) => {
      const row = (table[k] ?? []).map((point) => ({ u: this.constant(point.u), v: this.constant(point.v), point }));
      return this.selectMultiple(row, digit);
    });
    return windows.reduce((sum, window) => this.add(sum, window));
  }

  /** 16^62 start + sum of key and nonce digits times their multiples + single */
  straus(
    start: TracedPoint<T>,
    keys: readonly StrausTerm<T>[],
    nonces: readonly StrausTerm<T>[],
    single: TracedPoint<T>,
  ): TracedPoint<T> {
    let sum = start;
    for (let window = KEY_WINDOWS - 1; window >= 0; window--) {
      if (window < KEY_WINDOWS - 1) for (let k = 0; k < 4; k++) sum = this.double(sum);
      for (const { multiples, digits } of [...keys, ...nonces]) {
        const digit = digits[window];
        if (digit !== undefined) sum = this.add(sum, this.selectMultiple(multiples, digit));
      }
      if (window === 0) sum = this.add(sum, single);
      if (window % FRESH_U_PERIOD === 0) sum = this.freshU(sum);
    }
    return sum;
  }
}

/** lib/ed25519/straus_ed25519.circom */
export const KEY_WINDOWS = 63;
export const WEIGHT_WINDOWS = 30;
const FRESH_U_PERIOD = 4;

/** A point's odd multiples, and digits of its scalar in base 16, lowest first. */
export interface StrausTerm<T> {
  readonly multiples: readonly TracedPoint<T>[];
  readonly digits: readonly number[];
}
