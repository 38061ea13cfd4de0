// SPDX-License-Identifier: GPL-3.0-or-later

/** @param share in [0, 1] @returns the least value that this share of the values does not exceed; NaN for none */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN;
}
