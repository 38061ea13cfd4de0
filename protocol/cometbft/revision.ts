// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Revision number of a chain id of the form `name-number`, 0 for others (ICS-07; ibc-go, `ParseChainID`). A chain that
 * starts anew with its height raises it.
 */
export function revisionOf(chainId: string): bigint {
  const [, digits = '0'] = /^.*[^\n-]-([1-9]\d*)$/.exec(chainId) ?? [];
  return BigInt(digits);
}
