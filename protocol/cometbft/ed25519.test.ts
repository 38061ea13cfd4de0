// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes, fromHex, toHex, type Hex } from '../bytes.ts';
import { verifyEd25519 } from './ed25519.ts';
import { flipBit } from './testing/generated-chain.ts';
import {
  bytesOf,
  decode,
  integerOf,
  NON_CANONICAL,
  oddSignature,
  P,
  scalar,
  SMALL_ORDER,
  SMALL_ORDER_ENCODINGS,
  verifyCofactorless,
} from './testing/odd-ed25519.ts';
import { SIGNATURE_CASES } from './testing/signature-cases.ts';

/** RFC 8032, section 7.1. */
const RFC8032: readonly (readonly [name: string, key: Hex, message: Hex, signature: Hex])[] = [
  [
    'TEST 1',
    '0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '0x',
    '0xe5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    'TEST 2',
    '0x3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '0x72',
    '0x92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'TEST 3',
    '0xfc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    '0xaf82',
    '0x6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
  [
    'TEST SHA(abc)',
    '0xec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    '0xddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    '0xdc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
  ],
];

for (const [name, key, message, signature] of RFC8032) {
  test(`RFC 8032 ${name}`, () => {
    const verify = (k: Hex, m: Uint8Array, s: Hex) => verifyEd25519(fromHex(k), m, fromHex(s));
    assert.equal(verify(key, fromHex(message), signature), true);
    assert.equal(verify(flipBit(key, 17), fromHex(message), signature), false);
    assert.equal(verify(key, concatBytes(fromHex(message), Uint8Array.of(0)), signature), false);
    for (const bit of [0, 100, 255, 256, 300, 511]) {
      assert.equal(verify(key, fromHex(message), flipBit(signature, bit)), false, `bit ${bit}`);
    }
  });
}

test('a key or a signature of another length never holds', () => {
  const [, key, message, signature] = RFC8032[1] ?? assert.fail();
  for (const [k, s] of [
    [`${key}00`, signature],
    [key.slice(0, -2), signature],
    [key, `${signature}00`],
    [key, signature.slice(0, -2)],
    [key, '0x'],
  ] as [Hex, Hex][]) {
    assert.equal(verifyEd25519(fromHex(k), fromHex(message), fromHex(s)), false);
  }
});

test('ZIP-215 decodes 26 encodings that no encoder makes, of y = p + {0, 1, 3, 4, 5, 6, 9, 10, 14, 15, 16, 18} and -0', () => {
  const ys = new Set(NON_CANONICAL.map((encoding) => integerOf(encoding) % (1n << 255n)));
  const offsets = [0, 1, 3, 4, 5, 6, 9, 10, 14, 15, 16, 18].map((k) => P + BigInt(k));
  assert.deepEqual([...ys].sort(), [...offsets, 1n, P - 1n].sort());
  assert.equal(NON_CANONICAL.length, 26);
  assert.equal(SMALL_ORDER.length, 8);
  assert.equal(SMALL_ORDER_ENCODINGS.length, 14);
});

test('ZIP-215: with s = 0 every key of small order signs everything with every R of small order, 196 pairs', () => {
  // The factor 8 takes both points away: such a key says nothing of who signed, and must be refused where keys enter.
  for (const key of SMALL_ORDER_ENCODINGS) {
    for (const r of SMALL_ORDER_ENCODINGS) {
      const signature = concatBytes(r, bytesOf(0n));
      assert.equal(verifyEd25519(key, new TextEncoder().encode('Zcash'), signature), true, `${toHex(key)} ${toHex(r)}`);
    }
  }
});

for (const { name, made, zip215, cofactorless } of SIGNATURE_CASES) {
  test(`${zip215 ? 'accepted' : 'refused'}: ${name}`, () => {
    assert.equal(verifyEd25519(made.key, made.message, made.signature), zip215);
    assert.equal(verifyCofactorless(made), cofactorless);
  });
}

test('whatever the cofactorless rule takes, ZIP-215 takes', () => {
  for (const key of SMALL_ORDER_ENCODINGS) {
    for (let i = 0; i < 8; i += 1) {
      const made = oddSignature({ a: 0n, r: scalar(`r${i}`), keyEncoding: key, message: Uint8Array.of(i) });
      if (verifyCofactorless(made)) assert.ok(verifyEd25519(made.key, made.message, made.signature));
    }
  }
});

test('a key or an R that is no point never holds', () => {
  const bad = Array.from({ length: 30 }, (_, y) => bytesOf(BigInt(y))).filter(
    (encoding) => decode(encoding) === undefined,
  );
  assert.ok(bad.length > 5);
  const message = new TextEncoder().encode('vote');
  const identity = bytesOf(1n);
  for (const encoding of bad) {
    assert.equal(verifyEd25519(encoding, message, concatBytes(identity, bytesOf(0n))), false);
    assert.equal(verifyEd25519(identity, message, concatBytes(encoding, bytesOf(0n))), false);
  }
});
