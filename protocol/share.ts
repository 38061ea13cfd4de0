// SPDX-License-Identifier: GPL-3.0-or-later

/** Shares are whole thirty-thousandths, so that two thirds is exact. */
export const SHARE_DENOMINATOR = 30_000;

/** Two thirds: no policy goes below. */
export const MIN_SHARE = 20_000;

/** Strictly more than `share` of `totalGwei`. */
export function isQuorum(signedGwei: bigint, totalGwei: bigint, share: number): boolean {
  return signedGwei * BigInt(SHARE_DENOMINATOR) > BigInt(share) * totalGwei;
}
