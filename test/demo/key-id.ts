// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeAbiParameters, keccak256 } from 'viem';
import type { Hex } from '../../protocol/bytes.ts';
import type { Point } from '../../protocol/eddsa.ts';

/** How the contracts name a key. */
export function keyIdOf({ x, y }: Point): Hex {
  return keccak256(encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [x, y]));
}
