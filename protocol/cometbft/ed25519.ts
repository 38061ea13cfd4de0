// SPDX-License-Identifier: GPL-3.0-or-later
import { ed25519 } from '@noble/curves/ed25519.js';

/**
 * Whether an Ed25519 signature holds by ZIP-215, CometBFT's rule since v0.38: any encoding of y below 2^255 that has a
 * point on the curve, s below the group order, and [8][s]B = [8]R + [8][h]A. Releases before it compare R byte for byte
 * without the factor 8; whatever they accept is accepted here, and only the owner of a key (or anyone, for a key of
 * small order) can make a signature on which the two differ.
 * @param key 32 bytes; @param signature 64 bytes; of other lengths nothing holds
 */
export function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== 32 || signature.length !== 64) return false;
  return ed25519.verify(signature, message, key, { zip215: true });
}
