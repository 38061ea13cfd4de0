// SPDX-License-Identifier: GPL-3.0-or-later

/** EIP-1559 fees, wei per gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Nodes refuse a replacement below 1.1 times either fee (geth's pricebump 10); 1.125 is safe on all of them. */
const BUMP_NUMERATOR = 1_125n;
const BUMP_DENOMINATOR = 1_000n;

/**
 * Fees for a new transaction: room for six full blocks' rise of the base fee, within the cap.
 * @returns undefined when the base fee alone exceeds the cap: wait
 */
export function initialFees(baseFeePerGas: bigint, priorityFeePerGas: bigint, cap: bigint): Fees | undefined {
  if (baseFeePerGas > cap) return undefined;
  const maxFeePerGas = min(2n * baseFeePerGas + priorityFeePerGas, cap);
  return { maxFeePerGas, maxPriorityFeePerGas: min(priorityFeePerGas, maxFeePerGas) };
}

/**
 * Fees that replace `old`: at least 1.125 times both, and no less than a new transaction would pay.
 * @returns undefined when that exceeds the cap
 */
export function replacementFees(old: Fees, market: Fees | undefined, cap: bigint): Fees | undefined {
  const least = { maxFeePerGas: bump(old.maxFeePerGas), maxPriorityFeePerGas: bump(old.maxPriorityFeePerGas) };
  if (least.maxFeePerGas > cap) return undefined;
  const maxFeePerGas = max(least.maxFeePerGas, market?.maxFeePerGas ?? 0n);
  const wanted = max(least.maxPriorityFeePerGas, market?.maxPriorityFeePerGas ?? 0n);
  return { maxFeePerGas, maxPriorityFeePerGas: min(wanted, maxFeePerGas) };
}

function bump(fee: bigint): bigint {
  const raised = (fee * BUMP_NUMERATOR + BUMP_DENOMINATOR - 1n) / BUMP_DENOMINATOR;
  return raised > fee ? raised : fee + 1n;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
