// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../bytes.ts';
import { parseConsensusKey, parsePrivValidatorKey } from './consensus-key-file.ts';

// RFC 8032, section 7.1, test 1.
const SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const KEY = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

const file = () => ({
  address: '21FE31DFA154A261626BF854046FD2271B7BED4B',
  pub_key: { type: 'tendermint/PubKeyEd25519', value: base64(KEY) },
  priv_key: { type: 'tendermint/PrivKeyEd25519', value: base64(SEED + KEY) },
});

test('priv_validator_key.json', () => {
  const { key, seed } = parsePrivValidatorKey(file(), 'file');
  assert.equal(key, `0x${KEY}`);
  assert.equal(toHex(seed), `0x${SEED}`);
});

for (const [name, field, corrupt] of [
  ['another public key', /file\.priv_key/, (f) => (f.pub_key.value = base64(SEED))],
  ['another public key behind the seed', /file\.priv_key/, (f) => (f.priv_key.value = base64(SEED + SEED))],
  ['a seed alone', /file\.priv_key\.value/, (f) => (f.priv_key.value = base64(SEED))],
  ['another kind of private key', /file\.priv_key\.type/, (f) => (f.priv_key.type = 'tendermint/PrivKeySecp256k1')],
  ['another kind of public key', /file\.pub_key\.type/, (f) => (f.pub_key.type = 'tendermint/PubKeySecp256k1')],
] satisfies [string, RegExp, (f: ReturnType<typeof file>) => void][])
  test(`priv_validator_key.json with ${name} is refused, and nothing of it shown`, () => {
    const wrong = file();
    corrupt(wrong);
    assert.throws(
      () => parsePrivValidatorKey(wrong, 'file'),
      (error: Error) => field.test(error.message) && !error.message.includes(wrong.priv_key.value.slice(0, 8)),
    );
  });

test('a public key as the SDK and as CometBFT write it', () => {
  assert.equal(parseConsensusKey({ '@type': '/cosmos.crypto.ed25519.PubKey', key: base64(KEY) }, 'key'), `0x${KEY}`);
  assert.equal(parseConsensusKey(file().pub_key, 'key'), `0x${KEY}`);
  assert.equal(fromHex(parseConsensusKey(file().pub_key, 'key')).length, 32);
  assert.throws(
    () => parseConsensusKey({ '@type': '/cosmos.crypto.secp256k1.PubKey', key: base64(KEY) }, 'key'),
    /@type/,
  );
  assert.throws(() => parseConsensusKey({ ...file().pub_key, type: 'other' }, 'key'), /key\.type/);
  assert.throws(() => parseConsensusKey(file(), 'key'), /key/);
  assert.throws(() => parseConsensusKey(`0x${KEY}`, 'key'), /key/);
});
