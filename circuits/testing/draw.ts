// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed. */
export class Draw {
  #count = 0;

  constructor(private readonly seed: string) {}

  /** In [0, bound), bound below 2^480. */
  below(bound: bigint): bigint {
    const hash = createHash('sha512').update(`${this.seed}:${this.#count++}`).digest('hex');
    return BigInt(`0x${hash}`) % bound;
  }

  one<T>(of: readonly T[]): T {
    const chosen = of[Number(this.below(BigInt(of.length)))];
    if (chosen === undefined) throw new RangeError('nothing to draw from');
    return chosen;
  }
}
