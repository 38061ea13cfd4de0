// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../bytes.ts';
import { parseChainId, type ChainId } from '../chain.ts';

/**
 * The CAIP-2 id of a chain of the Cosmos (ChainAgnostic namespaces, "cosmos"): its own chain id where that has CAIP-2's
 * form, and `hashed-` with the first 16 hexadecimal digits of its SHA-256 otherwise.
 */
export function cosmosChainId(chainId: string): ChainId {
  const plain = /^[-a-zA-Z0-9]{1,32}$/.test(chainId) && !chainId.startsWith('hashed-');
  const reference = plain ? chainId : `hashed-${toHex(sha256(new TextEncoder().encode(chainId))).slice(2, 18)}`;
  return parseChainId(`cosmos:${reference}`, 'chainId');
}
