// SPDX-License-Identifier: GPL-3.0-or-later
import { BASE8, SUBGROUP_ORDER, type Point, type Signature } from '../../protocol/eddsa.ts';
import { multiply, refPoseidon } from './reference.ts';

/**
 * A signature as an attacker makes it: by scalar, for any key and any R8. It verifies when
 * r8 = nonce*B and key = scalar*B.
 */
export function signWith(
  scalar: bigint,
  key: Point,
  message: bigint,
  nonce = 987654321n,
  r8: Point = multiply(BASE8, nonce),
): Signature {
  const h = refPoseidon([r8.x, r8.y, key.x, key.y, message]);
  return { r8, s: (nonce + 8n * h * scalar) % SUBGROUP_ORDER };
}
