// SPDX-License-Identifier: GPL-3.0-or-later
import { asciiToBytes } from './ascii.ts';
import { fromHex, sha256Trunc31, toHex, type Hex } from './bytes.ts';
import { InvalidFieldError } from './errors.ts';

/** CAIP-2 chain id, `namespace:reference`. */
export type ChainId = `${string}:${string}` & { readonly __brand: 'ChainId' };

/** 31 bytes that name one chain and no fork of it with another genesis. */
export type ChainKey = Hex & { readonly __brand: 'ChainKey' };

/**
 * Parse a CAIP-2 chain id (CAIP-2, "Syntax").
 * @throws InvalidFieldError
 */
export function parseChainId(text: unknown, label: string): ChainId {
  if (typeof text !== 'string' || !/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/.test(text)) {
    throw new InvalidFieldError(label, 'a CAIP-2 chain id such as eip155:1');
  }
  return text as ChainId;
}

/**
 * First 31 bytes of SHA-256 over the CAIP-2 id and the genesis block's hash. The hash has a fixed length and stands
 * last, so no two pairs share an encoding.
 * @param genesisHash 32 bytes
 */
export function chainKey(id: ChainId, genesisHash: Hex): ChainKey {
  const genesis = fromHex(genesisHash);
  if (genesis.length !== 32) throw new InvalidFieldError('genesisHash', '32 bytes');
  return toHex(sha256Trunc31(asciiToBytes(id), genesis)) as ChainKey;
}

/** Decimal EVM chain id of an `eip155` CAIP-2 id, or undefined for another namespace. */
export function evmChainId(id: ChainId): number | undefined {
  const match = /^eip155:(0|[1-9]\d{0,15})$/.exec(id);
  return match ? Number(match[1]) : undefined;
}
