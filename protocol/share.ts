// SPDX-License-Identifier: GPL-3.0-or-later
import { InvalidFieldError } from './errors.ts';

/** Shares are whole thirty-thousandths, so that two thirds is exact. */
export const SHARE_DENOMINATOR = 30_000;

/** Two thirds: no policy goes below. */
export const MIN_SHARE = 20_000;

/** @throws InvalidFieldError unless an integer in [20000, 30000) */
export function parseShare(value: unknown, label: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < MIN_SHARE || value >= SHARE_DENOMINATOR) {
    throw new InvalidFieldError(label, `an integer in [${MIN_SHARE}, ${SHARE_DENOMINATOR})`);
  }
  return value;
}

/** Strictly more than `share` of `totalGwei`. */
export function isQuorum(signedGwei: bigint, totalGwei: bigint, share: number): boolean {
  return signedGwei * BigInt(SHARE_DENOMINATOR) > BigInt(share) * totalGwei;
}
