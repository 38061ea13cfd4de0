// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Hex } from './bytes.ts';
import type { ChainKey } from './chain.ts';
import { consensusKeyDigest, consentMessage } from './consensus-key.ts';
import { domain } from './domain.ts';

const bytes = (value: string, length: number): Hex => `0x${value.repeat(length)}`;
const HUB = bytes('0a', 31) as ChainKey;
const where = { operator: bytes('11', 20), chainKey: bytes('0b', 31) as ChainKey, coalition: bytes('22', 20) };
const key = { chainKey: bytes('c0', 31) as ChainKey, key: bytes('33', 32) };
const ours = domain('consensusKey', { hubChainKey: HUB, hubCoalition: bytes('22', 20) });

test('the digest is SHA-256 over everything that a binding names', () => {
  const sha256 = (text: string): string => createHash('sha256').update(Buffer.from(text, 'hex')).digest('hex');
  // "phalanx", version 1, kind 3
  const expectedDomain = sha256(`7068616c616e780103${'0a'.repeat(31)}${'22'.repeat(20)}`).slice(0, 62);
  assert.equal(ours, `0x${expectedDomain}`);
  const rest = `${'c0'.repeat(31)}${'33'.repeat(32)}${'11'.repeat(20)}${'0b'.repeat(31)}${'22'.repeat(20)}`;
  assert.equal(consensusKeyDigest(ours, key, where), `0x${sha256(expectedDomain + rest)}`);
});

test('fields of other lengths are refused', () => {
  assert.throws(() => consensusKeyDigest(ours, { ...key, key: bytes('33', 31) }, where), /consensus key/);
  assert.throws(() => consensusKeyDigest(ours, key, { ...where, operator: bytes('11', 21) }), /operator/);
  assert.throws(() => consensusKeyDigest(ours, key, { ...where, coalition: '0x' }), /coalition/);
  assert.throws(() => consentMessage(bytes('33', 31)), /digest/);
});

// The same vector as in contracts/test/ConsensusBindings.t.sol.
test('the message is the digest as text behind fixed words', () => {
  const digest = `0x00ff${'00'.repeat(28)}0a1b` as const;
  const message = consentMessage(digest);
  assert.equal(Buffer.from(message).toString(), `phalanx consensus key ${digest}`);
  assert.equal(message.length, 88);
});
