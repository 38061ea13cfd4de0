// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../bytes.ts';

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);

/**
 * Root of CometBFT's simple Merkle tree over SHA-256 (RFC 6962, section 2.1): leaves and inner nodes are told apart by
 * a prefix, and the left part is the largest power of two below the number of leaves.
 */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return sha256(new Uint8Array());
  if (leaves.length === 1) return sha256(concatBytes(LEAF, first));
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(concatBytes(INNER, merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split))));
}
