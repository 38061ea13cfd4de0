// SPDX-License-Identifier: GPL-3.0-or-later
import { BASE8, SUBGROUP_ORDER, type Point } from '../../protocol/eddsa.ts';
import { FR, toFr } from '../../protocol/field.ts';
import { poseidon } from '../../protocol/poseidon.ts';
import type { SignedMessage } from './batch-input.ts';
import { Draw } from './draw.ts';
import { addPoints, multiply, TORSION } from './reference.ts';

/** A signature as somebody presents it, rightly or not. */
export interface Presented extends SignedMessage {
  /** how it was made */
  readonly name: string;
}

interface Known {
  readonly scalar: bigint;
  readonly point: Point;
}

const negative = ({ x, y }: Point): Point => ({ x: (FR - x) % FR, y });
const torsion = (k: number): Point => TORSION[k] ?? BASE8;

/** Makes signatures at little cost: keys and nonces come from a stock whose scalars are known. */
export class OddSignatures {
  readonly #draw: Draw;
  readonly #keys: readonly Known[];
  readonly #nonces: readonly Known[];

  constructor(seed: string, stock = 40) {
    this.#draw = new Draw(seed);
    const known = (scalar: bigint): Known => ({ scalar, point: multiply(BASE8, scalar) });
    const some = (special: readonly bigint[]): Known[] => [
      ...special.map(known),
      ...Array.from({ length: stock }, () => known(1n + this.#draw.below(SUBGROUP_ORDER - 1n))),
    ];
    this.#keys = some([1n, 2n, 3n, SUBGROUP_ORDER - 1n]);
    this.#nonces = some([0n, 1n, 2n, 3n, 9n, SUBGROUP_ORDER - 1n]);
  }

  /** One that circomlibjs takes. Among them: nonces 0 and 1, keys Base8 and -Base8, keys with a part of small order. */
  good(): Presented {
    const { scalar, point } = this.#draw.one(this.#keys);
    const part = this.#draw.below(3n) === 0n ? 1 + Number(this.#draw.below(7n)) : 0;
    return this.#sign(part ? 'torsion in the key' : 'plain', scalar, part ? addPoints(point, torsion(part)) : point);
  }

  /** One that is likely to be wrong, by little. */
  odd(): Presented {
    const made = this.good();
    const { key, message, signature } = made;
    const { r8, s } = signature;
    const spoilt = (name: string, change: Partial<Presented>): Presented => ({ ...made, ...change, name });
    const withS = (name: string, value: bigint): Presented =>
      spoilt(name, { signature: { r8, s: ((value % FR) + FR) % FR } });
    const withR8 = (name: string, point: Point): Presented => spoilt(name, { signature: { r8: point, s } });
    const draw = this.#draw;
    const some = 1n + draw.below(FR - 1n);
    const part = 1 + Number(draw.below(7n));
    const scalar = draw.one(this.#keys).scalar;
    const h = poseidon([r8.x, r8.y, key.x, key.y, message]);
    const cases: readonly (() => Presented)[] = [
      () => made,
      () => withS('S + l', s + SUBGROUP_ORDER),
      () => withS('S - l, modulo p', s - SUBGROUP_ORDER),
      () => withS('S + 1', s + 1n),
      () => withS('l - S', SUBGROUP_ORDER - s),
      () => withS('l', SUBGROUP_ORDER),
      () => withS('a high S', (1n << 250n) + draw.below(1n << 252n)),
      () => withS('S with one bit changed', s ^ (1n << draw.below(253n))),
      () => withS('any S', some),
      () => this.#sign('h + p', scalar, multiply(BASE8, scalar), (one) => one + FR),
      () => this.#sign('h - p', scalar, multiply(BASE8, scalar), (one) => one - FR),
      () => this.#sign('h + 1', scalar, multiply(BASE8, scalar), (one) => one + 1n),
      () =>
        this.#sign(
          'h without the cofactor',
          scalar,
          multiply(BASE8, scalar),
          (one) => one * ((SUBGROUP_ORDER * 7n + 1n) / 8n),
        ),
      () => withR8('torsion on the finished R', addPoints(r8, torsion(part))),
      () => this.#sign('torsion in R, signed for', scalar, multiply(BASE8, scalar), undefined, part),
      () => withR8('-R', negative(r8)),
      () => withR8('R off the curve', { x: r8.x, y: (r8.y + some) % FR }),
      () => withR8('another R', draw.one(this.#nonces).point),
      () => withR8('a point of small order for R', torsion(part)),
      () => withR8('the key for R', key),
      () => spoilt('another message', { message: toFr((message + 1n) % FR, 'message') }),
      () => spoilt('another key', { key: draw.one(this.#keys).point }),
      () => spoilt('-A', { key: negative(key) }),
      () => spoilt('A off the curve', { key: { x: key.x, y: (key.y + some) % FR } }),
      () => spoilt('torsion on a finished key', { key: addPoints(key, torsion(part)) }),
      () => this.#sign('key of small order', 0n, torsion(part)),
      () => this.#sign('key the identity', 0n, torsion(0)),
      () => spoilt('key (0, 0)', { key: { x: 0n, y: 0n } }),
      () => spoilt('nothing', { signature: { r8: torsion(0), s: 0n } }),
      () => withS('S for the negative challenge', 2n * (s - ((8n * h * scalar) % SUBGROUP_ORDER)) - s),
    ];
    return draw.one(cases)();
  }

  #sign(name: string, scalar: bigint, key: Point, challenge = (h: bigint): bigint => h, part = 0): Presented {
    const nonce = this.#draw.one(this.#nonces);
    const r8 = part ? addPoints(nonce.point, torsion(part)) : nonce.point;
    const message = toFr(this.#draw.one([0n, FR - 1n, this.#draw.below(FR), this.#draw.below(FR)]), 'message');
    const h = challenge(poseidon([r8.x, r8.y, key.x, key.y, message]));
    const s = (((nonce.scalar + 8n * h * scalar) % SUBGROUP_ORDER) + SUBGROUP_ORDER) % SUBGROUP_ORDER;
    return { name, key, message, signature: { r8, s } };
  }
}
