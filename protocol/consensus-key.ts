// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { asciiToBytes } from './ascii.ts';
import { concatBytes, fromHex, parseHex, toHex, type Hex } from './bytes.ts';
import type { ChainKey } from './chain.ts';
import type { Domain } from './domain.ts';
import type { Registration } from './registration.ts';

/** A key that takes part in another chain's consensus. */
export interface ConsensusKey {
  readonly chainKey: ChainKey;
  /** 32 bytes: an Ed25519 key as the chain encodes it */
  readonly key: Hex;
}

/**
 * Names the binding of a consensus key to an operator of one `Coalition`: SHA-256(domain (31) || chain key of the
 * consensus key (31) || key (32) || operator (20) || chain key of the Coalition (31) || Coalition (20)).
 * @param domain of kind `consensusKey`
 * @throws InvalidFieldError
 */
export function consensusKeyDigest(domain: Domain, { chainKey, key }: ConsensusKey, where: Registration): Hex {
  const parts = [
    domain,
    chainKey,
    parseHex(key, 32, 'consensus key'),
    parseHex(where.operator, 20, 'operator'),
    where.chainKey,
    parseHex(where.coalition, 20, 'coalition'),
  ];
  return toHex(sha256(concatBytes(...parts.map(fromHex))));
}

/**
 * What a consensus key signs to be bound: 88 bytes of ASCII. No consensus message is one: those are protobuf messages
 * behind their length, and the second byte here is the tag of a field that none of them has.
 * @param digest of `consensusKeyDigest`
 * @throws InvalidFieldError
 */
export function consentMessage(digest: Hex): Uint8Array {
  return asciiToBytes(`phalanx consensus key ${parseHex(digest, 32, 'digest')}`);
}
