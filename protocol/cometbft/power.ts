// SPDX-License-Identifier: GPL-3.0-or-later

/** A share of a set's power. */
export interface Fraction {
  readonly numerator: bigint;
  /** above 0 */
  readonly denominator: bigint;
}

/** What a commit takes: more than this of its own set. */
export const TWO_THIRDS: Fraction = { numerator: 2n, denominator: 3n };

/** What a light client that skips heights takes: more than this of the set that it trusts (the least trust level). */
export const ONE_THIRD: Fraction = { numerator: 1n, denominator: 3n };

/** Strictly more than `share` of `total`, exactly. */
export function exceeds(power: bigint, total: bigint, { numerator, denominator }: Fraction): boolean {
  return power * denominator > total * numerator;
}
