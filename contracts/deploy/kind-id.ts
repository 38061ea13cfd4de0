// SPDX-License-Identifier: GPL-3.0-or-later
import { keccak256, slice, stringToBytes, type Hex } from 'viem';

/** How contracts name a kind of statement (`StatementKinds.sol`): 4 bytes. */
export function kindId(kind: string): Hex {
  return slice(keccak256(stringToBytes(kind)), 0, 4);
}
