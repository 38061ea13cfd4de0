// SPDX-License-Identifier: GPL-3.0-or-later
import { ed25519 } from '@noble/curves/ed25519.js';
import { z } from 'zod';
import { fromHex, toHex, type Hex } from '../bytes.ts';
import { InvalidFieldError } from '../errors.ts';
import { base64Of, object, parseRpc } from './rpc-json.ts';

/** An Ed25519 key pair in consensus. */
export interface ConsensusKeyPair {
  /** 32 bytes */
  readonly key: Hex;
  /** RFC 8032's secret: 32 bytes */
  readonly seed: Uint8Array;
}

const tagged = <T extends z.ZodType>(type: string, value: T) =>
  object({ type: z.literal(type, `${type}: no other keys are known here`), value });

const aminoKey = tagged('tendermint/PubKeyEd25519', base64Of(32));
const pair = object({ pub_key: aminoKey, priv_key: tagged('tendermint/PrivKeyEd25519', base64Of(64)) });
const sdkKey = object({
  '@type': z.literal('/cosmos.crypto.ed25519.PubKey', '/cosmos.crypto.ed25519.PubKey: no other keys are known here'),
  key: base64Of(32),
});

/**
 * Read CometBFT's `priv_validator_key.json` (privval/file.go, FilePVKey). Errors name fields, never what they hold.
 * @throws InvalidFieldError also when the public key is not the private one's
 */
export function parsePrivValidatorKey(value: unknown, label: string): ConsensusKeyPair {
  const { pub_key: publicPart, priv_key: privatePart } = parseRpc(pair, value, label);
  // Go's form of a private key: the seed, then the public key.
  const bytes = fromHex(privatePart.value);
  const seed = bytes.slice(0, 32);
  const key = toHex(ed25519.getPublicKey(seed));
  if (key !== publicPart.value || key !== toHex(bytes.subarray(32)))
    throw new InvalidFieldError(`${label}.priv_key`, 'the private part of pub_key');
  return { key, seed };
}

/**
 * Read a public consensus key as programs of Cosmos chains write it: what `comet show-validator` prints, or `pub_key`
 * of `/status` and of `priv_validator_key.json`, alone.
 * @returns 32 bytes
 * @throws InvalidFieldError
 */
export function parseConsensusKey(value: unknown, label: string): Hex {
  const { type } = parseRpc(object({ type: z.unknown().optional() }), value, label);
  return type === undefined ? parseRpc(sdkKey, value, label).key : parseRpc(aminoKey, value, label).value;
}
