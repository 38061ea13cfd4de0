// SPDX-License-Identifier: GPL-3.0-or-later
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes, toBytesBE, toHex, type Hex } from './bytes.ts';
import type { Point } from './eddsa.ts';

/** 32 bytes that name a validator's key, as contracts do: keccak256(abi.encode(keyX, keyY)). */
export function keyId(key: Point): Hex {
  return toHex(keccak_256(concatBytes(toBytesBE(key.x, 32, 'key.x'), toBytesBE(key.y, 32, 'key.y'))));
}
