// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bech32 } from '@scure/base';
import { recoverAddress } from 'viem';
import { publicKeyToAddress } from 'viem/accounts';
import { fromHex, toHex } from '../bytes.ts';
import { consentMessage } from '../consensus-key.ts';
import { accountOfKey, parseAccountAddress } from './account-address.ts';
import { accountSignature, parseWalletSignature } from './account-signature.ts';
import { signDataDocument } from './sign-data.ts';

/** Made by the wallet Keplr with `signArbitrary`, and published as an example of `verifyADR36Amino`. */
const SIGNER = 'cosmos1m9l358xunhhwds0568za49mzhvuxx9uxre5tud';
const PUBLISHED = {
  pub_key: {
    type: 'tendermint/PubKeySecp256k1',
    value: 'A/MdHVpitzHNSdD1Zw3kY+L5PEIPyd9l6sD5i4aIfXp9',
  },
  signature: 'vb78/y129cOiWyQkeFF8wCKZsOyzjpILnpEVZ72o5YUhEOmQZzVPcbUqWPLR7aZQ20j6vnYhIuCQN0HEG3igFg==',
};
const DATA = new TextEncoder().encode(SIGNER);
const ORDER = secp256k1.Point.Fn.ORDER;

describe('addresses', () => {
  // BIP-173's example of a key and its hash; with the prefix of the Cosmos Hub.
  test('the key of secret 1', () => {
    const key = toHex(secp256k1.getPublicKey(new Uint8Array(32).fill(1, 31), true));
    assert.equal(accountOfKey(key), '0x751e76e8199196d454941c45d1b3a323f1433bd6');
    assert.equal(parseAccountAddress('cosmos1w508d6qejxtdg4y5r3zarvary0c5xw7k6ah60c', 'a'), accountOfKey(key));
  });
  for (const [name, text] of [
    ['a wrong checksum', 'cosmos1w508d6qejxtdg4y5r3zarvary0c5xw7k6ah60q'],
    ['upper case', 'COSMOS1W508D6QEJXTDG4Y5R3ZARVARY0C5XW7K6AH60C'],
    ['an account of 32 bytes', bech32.encode('cosmos', bech32.toWords(new Uint8Array(32)))],
    ['a quote', 'cosmos1"'],
    ['nothing', ''],
  ] as const)
    test(`refuses ${name}`, () => {
      assert.throws(() => parseAccountAddress(text, 'account'), /account: expected an account address/);
    });
});

describe('documents', () => {
  test('are as ADR-036 has them, byte by byte', () => {
    const text = new TextDecoder().decode(signDataDocument(new TextEncoder().encode('random'), SIGNER));
    assert.equal(
      text,
      '{"account_number":"0","chain_id":"","fee":{"amount":[],"gas":"0"},"memo":"","msgs":[{"type":"sign/MsgSignData",' +
        `"value":{"data":"cmFuZG9t","signer":"${SIGNER}"}}],"sequence":"0"}`,
    );
  });
  test('of a consent message hold no character that amino escapes', () => {
    const text = new TextDecoder().decode(signDataDocument(consentMessage(`0x${'fe'.repeat(32)}`), SIGNER));
    assert.doesNotMatch(text, /[<>&\\]/);
  });
});

describe('signatures', () => {
  const parsed = parseWalletSignature(PUBLISHED, 'wallet');
  const sign = (signature = parsed.signature) => accountSignature({ ...parsed, signature }, SIGNER, DATA, 'wallet');

  test("a wallet's own, and ecrecover finds its key", async () => {
    const { x, y, signer, v, r, s } = sign();
    assert.equal(signer, SIGNER);
    const hash = toHex(sha256(signDataDocument(DATA, SIGNER)));
    assert.equal(
      await recoverAddress({ hash, signature: { r, s, v: BigInt(v) } }),
      publicKeyToAddress(`0x04${x.slice(2)}${y.slice(2)}`),
    );
  });
  test('with s in the upper half it becomes the same', () => {
    const { r, s } = secp256k1.Signature.fromBytes(fromHex(parsed.signature), 'compact');
    const high = toHex(new secp256k1.Signature(r, ORDER - s).toBytes('compact'));
    assert.deepEqual(sign(high), sign());
  });
  test('is refused for other data, another signer, another key', () => {
    const other = new TextEncoder().encode('other');
    assert.throws(
      () => accountSignature(parsed, SIGNER, other, 'wallet'),
      /wallet\.signature: expected the signature of/,
    );
    assert.throws(
      () => accountSignature(parsed, 'cosmos1w508d6qejxtdg4y5r3zarvary0c5xw7k6ah60c', DATA, 'wallet'),
      /wallet\.pub_key: expected the key of cosmos1w508/,
    );
    const key = toHex(secp256k1.getPublicKey(new Uint8Array(32).fill(1, 31), true));
    assert.throws(() => accountSignature({ ...parsed, key }, SIGNER, DATA, 'wallet'), /wallet\.pub_key/);
  });
  test('is refused where it is none', () => {
    assert.throws(() => sign(`0x${'00'.repeat(64)}`), /wallet\.signature/);
    assert.throws(() => sign(`0x${'ff'.repeat(64)}`), /wallet\.signature/);
  });
  for (const [name, field, value] of [
    ['another kind of key', /pub_key\.type/, { ...PUBLISHED, pub_key: { ...PUBLISHED.pub_key, type: 'ethsecp256k1' } }],
    [
      'a key of 32 bytes',
      /pub_key\.value/,
      { ...PUBLISHED, pub_key: { ...PUBLISHED.pub_key, value: 'A'.repeat(43) + '=' } },
    ],
    ['a signature of 65 bytes', /signature/, { ...PUBLISHED, signature: 'A'.repeat(87) + '=' }],
    ['a text', /wallet/, 'signature'],
  ] as const)
    test(`in a form with ${name} is refused`, () => {
      assert.throws(() => parseWalletSignature(value, 'wallet'), field);
    });
});
