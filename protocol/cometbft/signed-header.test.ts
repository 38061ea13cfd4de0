// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SignedHeader } from './commit.ts';
import type { RefusalReason } from './refusal.ts';
import { flipBit, setOf, TEST_CHAIN, testBlock, testValidators } from './testing/generated-chain.ts';
import { refuses } from './testing/refuses.ts';
import { checkSignedHeader } from './verify-commit.ts';

const validators = testValidators('header', [40n, 30n, 20n, 10n]);
const set = setOf(validators);
const good = testBlock({ height: 5n, validators });

test('a header, its commit and its set belong together', () => {
  assert.equal(checkSignedHeader(TEST_CHAIN, good, set), good.commit.blockId.hash);
});

const otherFields: readonly (readonly [
  string,
  (header: SignedHeader['header']) => SignedHeader['header'],
  RefusalReason,
])[] = [
  ['version.app', (h) => ({ ...h, version: { block: 11n, app: 1n } }), 'HEADER_HASH'],
  ['time', (h) => ({ ...h, timeNs: h.timeNs + 1n }), 'HEADER_HASH'],
  [
    'lastBlockId.hash',
    (h) => ({ ...h, lastBlockId: { ...h.lastBlockId, hash: flipBit(h.lastBlockId.hash) } }),
    'HEADER_HASH',
  ],
  [
    'lastBlockId.parts',
    (h) => ({ ...h, lastBlockId: { ...h.lastBlockId, parts: { ...h.lastBlockId.parts, total: 9 } } }),
    'HEADER_HASH',
  ],
  ...(
    [
      'lastCommitHash',
      'dataHash',
      'validatorsHash',
      'nextValidatorsHash',
      'consensusHash',
      'appHash',
      'lastResultsHash',
      'evidenceHash',
      'proposerAddress',
    ] as const
  ).map((field): (typeof otherFields)[number] => [
    field,
    (h) => ({ ...h, [field]: flipBit(h[field], 7) }),
    'HEADER_HASH',
  ]),
  ['height', (h) => ({ ...h, height: 6n }), 'COMMIT_HEIGHT'],
  ['chainId', (h) => ({ ...h, chainId: 'phalanx-test-2' }), 'CHAIN_ID'],
];
for (const [field, change, reason] of otherFields) {
  test(`refuses a header with another ${field}`, () => {
    const { header, commit } = good;
    refuses(reason, () => checkSignedHeader(TEST_CHAIN, { header: change(header), commit }, set));
  });
}

test('refuses another set: another order, power or member', () => {
  const [a, b, c, d] = validators;
  const [other] = testValidators('other', [10n]);
  assert.ok(a && b && c && d && other);
  for (const changed of [
    [b, a, c, d],
    [a, b, c, { ...d, power: 11n }],
    [a, b, c, other],
    [a, b, c],
  ]) {
    refuses('VALIDATORS_HASH', () => checkSignedHeader(TEST_CHAIN, good, setOf(changed)));
  }
});
