// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ATTESTATION_BYTES,
  attestationBytes,
  attestationMessage,
  conflictOf,
  type Attestation,
  type Checkpoint,
} from './attestation.ts';
import { toHex } from './bytes.ts';
import { chainKey, parseChainId, type ChainKey } from './chain.ts';
import { domain } from './domain.ts';
import { InvalidFieldError } from './errors.ts';
import type { Fr } from './field.ts';

const key = chainKey(parseChainId('eip155:31337', 'id'), `0x${'11'.repeat(32)}`);
const attestations = domain('attestation', { hubChainKey: key, hubCoalition: `0x${'22'.repeat(20)}` });

function vote(sourceHeight: bigint, height: bigint, change: Partial<Checkpoint> = {}, commitment = 7n): Attestation {
  return {
    setCommitment: commitment as Fr,
    sourceHeight,
    checkpoint: {
      chainKey: key,
      height,
      blockHash: `0x${'33'.repeat(32)}`,
      stateRoot: `0x${'44'.repeat(32)}`,
      timestamp: 1_700_000_000n,
      ...change,
    },
  };
}

function sha256Hex31(hex: string): string {
  return createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex').slice(0, 62);
}

test('chain key and domain are the documented hashes', () => {
  const id = Buffer.from('eip155:31337').toString('hex');
  assert.equal(key, `0x${sha256Hex31(id + '11'.repeat(32))}`);
  const head = Buffer.from('phalanx').toString('hex') + '01' + '01';
  assert.equal(attestations, `0x${sha256Hex31(head + key.slice(2) + '22'.repeat(20))}`);
});

test('an attestation has the documented 182 bytes', () => {
  const bytes = toHex(attestationBytes(attestations, vote(64n, 128n)));
  const expected =
    attestations.slice(2) +
    '7'.padStart(64, '0') +
    '0000000000000040' +
    key.slice(2) +
    '0000000000000080' +
    '33'.repeat(32) +
    '44'.repeat(32) +
    '000000006553f100';
  assert.equal(bytes, `0x${expected}`);
  assert.equal(expected.length / 2, ATTESTATION_BYTES);
  assert.equal(attestationMessage(attestations, vote(64n, 128n)), BigInt(`0x${sha256Hex31(expected)}`));
});

test('every field, the domain included, changes the message', () => {
  const base = vote(64n, 128n);
  const other = domain('registration', { hubChainKey: key, hubCoalition: `0x${'22'.repeat(20)}` });
  const messages = [
    attestationMessage(attestations, base),
    attestationMessage(other, base),
    attestationMessage(attestations, vote(63n, 128n)),
    attestationMessage(attestations, vote(64n, 129n)),
    attestationMessage(attestations, vote(64n, 128n, {}, 8n)),
    attestationMessage(attestations, vote(64n, 128n, { chainKey: `0x${'55'.repeat(31)}` as ChainKey })),
    attestationMessage(attestations, vote(64n, 128n, { blockHash: `0x${'55'.repeat(32)}` })),
    attestationMessage(attestations, vote(64n, 128n, { stateRoot: `0x${'55'.repeat(32)}` })),
    attestationMessage(attestations, vote(64n, 128n, { timestamp: 1n })),
  ];
  assert.equal(new Set(messages).size, messages.length);
});

const faults: readonly (readonly [string, Attestation])[] = [
  ['source equal to target', vote(128n, 128n)],
  ['source above target', vote(129n, 128n)],
  ['height of 65 bits', vote(1n, 1n << 64n)],
  ['timestamp of 65 bits', vote(1n, 2n, { timestamp: 1n << 64n })],
  ['negative source', vote(-1n, 2n)],
  ['short block hash', vote(1n, 2n, { blockHash: '0x33' })],
  ['long state root', vote(1n, 2n, { stateRoot: `0x${'44'.repeat(33)}` })],
];
for (const [name, attestation] of faults) {
  test(`refuses to encode: ${name}`, () => {
    assert.throws(() => attestationBytes(attestations, attestation), InvalidFieldError);
  });
}

test('double votes and surround votes are conflicts, in either order; nothing else is', () => {
  const cases: readonly (readonly [Attestation, Attestation, ReturnType<typeof conflictOf>])[] = [
    [vote(0n, 8n), vote(0n, 8n, { stateRoot: `0x${'45'.repeat(32)}` }), 'double-vote'],
    [vote(0n, 8n), vote(4n, 8n, { timestamp: 1n }), 'double-vote'],
    [vote(0n, 8n), vote(4n, 8n), undefined],
    [vote(0n, 8n), vote(0n, 8n, {}, 9n), undefined],
    [vote(0n, 9n), vote(1n, 8n), 'surround-vote'],
    [vote(0n, 9n), vote(0n, 8n), undefined],
    [vote(0n, 8n), vote(8n, 9n), undefined],
    [vote(0n, 9n), vote(1n, 8n, { chainKey: `0x${'66'.repeat(31)}` as ChainKey }), undefined],
  ];
  for (const [a, b, expected] of cases) {
    assert.equal(conflictOf(a, b), expected);
    assert.equal(conflictOf(b, a), expected);
  }
});

test('an honest sequence, each source the previous target, never conflicts', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.bigInt(1n, (1n << 64n) - 1n), { minLength: 2, maxLength: 12 }), (heights) => {
      const sorted = [...heights].sort((a, b) => (a < b ? -1 : 1));
      const votes = sorted.map((height, i) => vote(sorted[i - 1] ?? 0n, height));
      for (const a of votes) for (const b of votes) assert.equal(conflictOf(a, b), undefined);
    }),
  );
});
