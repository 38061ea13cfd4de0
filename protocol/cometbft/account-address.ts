// SPDX-License-Identifier: GPL-3.0-or-later
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bech32 } from '@scure/base';
import { fromHex, toHex, type Hex } from '../bytes.ts';
import { InvalidFieldError } from '../errors.ts';

/** Longest text that contracts take: BIP-173's bound. */
const MAX_TEXT = 90;

/**
 * Read the address of an account with one secp256k1 key.
 * @param text bech32 (BIP-173) in lower case, such as cosmos1…
 * @returns 20 bytes
 * @throws InvalidFieldError also for the longer addresses of module accounts
 */
export function parseAccountAddress(text: string, label: string): Hex {
  const bound = 'an account address in bech32 such as cosmos1…, of 20 bytes';
  // CosmosAccounts.sol takes letters and digits alone.
  if (!/^[a-z0-9]+$/.test(text)) throw new InvalidFieldError(label, bound);
  const decoded = bech32.decodeUnsafe(text, MAX_TEXT);
  const bytes = decoded && bech32.fromWordsUnsafe(decoded.words);
  if (bytes?.length !== 20) throw new InvalidFieldError(label, bound);
  return toHex(bytes);
}

/**
 * The account of a secp256k1 key: RIPEMD-160(SHA-256(key)) (Cosmos SDK, "Accounts").
 * @param key compressed, 33 bytes
 * @returns 20 bytes
 */
export function accountOfKey(key: Hex): Hex {
  return toHex(ripemd160(sha256(fromHex(key))));
}
