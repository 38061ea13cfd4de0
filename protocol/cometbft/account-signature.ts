// SPDX-License-Identifier: GPL-3.0-or-later
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { fromHex, toHex, type Hex } from '../bytes.ts';
import { InvalidFieldError } from '../errors.ts';
import { accountOfKey, parseAccountAddress } from './account-address.ts';
import { base64Of, object, parseRpc } from './rpc-json.ts';
import { signDataDocument } from './sign-data.ts';

/** What a wallet answers to `signArbitrary` (amino's StdSignature). */
export interface WalletSignature {
  /** secp256k1, compressed: 33 bytes */
  readonly key: Hex;
  /** r | s, 64 bytes */
  readonly signature: Hex;
}

/** `ICometBftJudge.AccountSignature`. */
export interface AccountSignature {
  readonly x: Hex;
  readonly y: Hex;
  readonly signer: string;
  readonly v: number;
  readonly r: Hex;
  readonly s: Hex;
}

const schema = object({
  pub_key: object({
    type: z.literal(
      'tendermint/PubKeySecp256k1',
      'tendermint/PubKeySecp256k1: contracts know no other kind of account',
    ),
    value: base64Of(33),
  }),
  signature: base64Of(64),
});

/** Read `{pub_key: {type, value}, signature}`. @throws InvalidFieldError */
export function parseWalletSignature(value: unknown, label: string): WalletSignature {
  const { pub_key: key, signature } = parseRpc(schema, value, label);
  return { key: key.value, signature };
}

/**
 * A wallet's signature of data in the judge's form, which `ecrecover` can verify: s in the lower half, v 27 or 28.
 * @param signer address of the account that signed
 * @param data what it signed, in the document of `signDataDocument`
 * @throws InvalidFieldError when the key is not the account's, or the signature does not hold
 */
export function accountSignature(
  { key, signature }: WalletSignature,
  signer: string,
  data: Uint8Array,
  label: string,
): AccountSignature {
  if (parseAccountAddress(signer, 'account') !== accountOfKey(key))
    throw new InvalidFieldError(`${label}.pub_key`, `the key of ${signer}`);
  const digest = sha256(signDataDocument(data, signer));
  const { r, s, v } = recoverable(fromHex(signature), digest, key) ?? {};
  if (r === undefined || s === undefined || v === undefined)
    throw new InvalidFieldError(`${label}.signature`, `the signature of ${signer} of the message to be signed`);
  const { x, y } = secp256k1.Point.fromHex(key.slice(2)).toAffine();
  return { x: word(x), y: word(y), signer, v, r: word(r), s: word(s) };
}

/** Both s and order - s hold, by the other v; undefined where neither key is the one that is named. */
function recoverable(
  bytes: Uint8Array,
  digest: Uint8Array,
  key: Hex,
): { readonly r: bigint; readonly s: bigint; readonly v: number } | undefined {
  try {
    const given = secp256k1.Signature.fromBytes(bytes, 'compact');
    const s = given.hasHighS() ? secp256k1.Point.Fn.ORDER - given.s : given.s;
    const low = new secp256k1.Signature(given.r, s);
    for (const bit of [0, 1]) {
      if (toHex(low.addRecoveryBit(bit).recoverPublicKey(digest).toBytes(true)) === key)
        return { r: low.r, s: low.s, v: 27 + bit };
    }
  } catch {
    // r or s out of range, or r no coordinate of a point
  }
  return undefined;
}

const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`;
