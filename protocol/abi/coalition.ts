// SPDX-License-Identifier: GPL-3.0-or-later
import { parseAbi } from 'viem';
import { COALITION_ITEMS } from './coalition-items.ts';
import { STRUCTS } from './structs.ts';

/** `Coalition`, as it is on chains other than the hub; the hub has everything of it too, but for `ledger`. */
export const coalitionAbi = parseAbi([
  ...STRUCTS,
  ...COALITION_ITEMS,
  'function ledger() external view returns (address)',
  'error PeriodsShorterThanLedgers(uint256 slashableFor, uint256 needed)',
]);
