// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NIL_BLOCK_ID } from './block-id.ts';
import { offenceId, verifyDuplicateVote, type DuplicateVote, type SignedVote } from './duplicate-vote.ts';
import type { RefusalReason } from './refusal.ts';
import {
  flipBit,
  setOf,
  TEST_CHAIN,
  TEST_TIME_NS,
  testBlockId,
  testValidators,
  testVote,
} from './testing/generated-chain.ts';
import { refuses } from './testing/refuses.ts';
import { PRECOMMIT, PREVOTE, type Vote } from './vote.ts';

const validators = testValidators('voters', [5n, 4n, 3n, 2n]);
const set = setOf(validators);
const [offender, other] = validators;
const [outsider] = testValidators('outsider', [1n]);
assert.ok(offender && other && outsider);

const a: Vote = { type: PRECOMMIT, height: 7n, round: 0, blockId: testBlockId('a'), timeNs: TEST_TIME_NS };
const b: Vote = { ...a, blockId: testBlockId('b') };
const sign = (vote: Vote, by = offender): SignedVote => testVote(by, vote);
const evidence = (voteA: SignedVote, voteB: SignedVote): DuplicateVote => ({ voteA, voteB });

const otherPartsHash = { ...a.blockId, parts: { ...a.blockId.parts, hash: testBlockId('b').parts.hash } };
const samePartsHash = { ...a.blockId, parts: { ...a.blockId.parts, total: 2 } };
const sameParts = { ...a.blockId, hash: testBlockId('b').hash };

for (const [name, first, second] of [
  ['two precommits', a, b],
  ['two prevotes', { ...a, type: PREVOTE }, { ...b, type: PREVOTE }],
  ['one for nil', a, { ...a, blockId: NIL_BLOCK_ID }],
  ['different times', a, { ...b, timeNs: a.timeNs + 5n }],
  ['a later round', { ...a, round: 3 }, { ...b, round: 3 }],
  ['one hash, another number of parts', a, { ...a, blockId: samePartsHash }],
  ['one hash and number of parts, another hash of parts', a, { ...a, blockId: otherPartsHash }],
  ['the same parts, another hash', a, { ...a, blockId: sameParts }],
] as const) {
  test(`${name} are an offence, in either order`, () => {
    assert.equal(verifyDuplicateVote(TEST_CHAIN, evidence(sign(first), sign(second)), set).key, offender.key);
    assert.equal(verifyDuplicateVote(TEST_CHAIN, evidence(sign(second), sign(first)), set).power, 5n);
  });
}

const faults: readonly (readonly [name: string, made: () => DuplicateVote, reason: RefusalReason])[] = [
  ['the same block at two times', () => evidence(sign(a), sign({ ...a, timeNs: a.timeNs + 1n })), 'VOTE_BLOCK_ID'],
  [
    'nil twice',
    () => evidence(sign({ ...a, blockId: NIL_BLOCK_ID }), sign({ ...a, blockId: NIL_BLOCK_ID, timeNs: 0n })),
    'VOTE_BLOCK_ID',
  ],
  ['two heights', () => evidence(sign(a), sign({ ...b, height: 8n })), 'VOTE_STEP'],
  ['two rounds', () => evidence(sign(a), sign({ ...b, round: 1 })), 'VOTE_STEP'],
  ['a prevote and a precommit', () => evidence(sign(a), sign({ ...b, type: PREVOTE })), 'VOTE_STEP'],
  ['two validators', () => evidence(sign(a), sign(b, other)), 'VOTE_VALIDATOR'],
  ['somebody outside the set', () => evidence(sign(a, outsider), sign(b, outsider)), 'VOTE_VALIDATOR'],
  [
    'a wrong signature on the first',
    () => evidence({ ...sign(a), signature: flipBit(sign(a).signature, 5) }, sign(b)),
    'SIGNATURE',
  ],
  [
    'a wrong signature on the second',
    () => evidence(sign(a), { ...sign(b), signature: flipBit(sign(b).signature, 500) }),
    'SIGNATURE',
  ],
  [
    'a vote of another validator under this address',
    () => evidence(sign(a), { ...sign(b, other), address: offender.address }),
    'SIGNATURE',
  ],
  ['a vote on another chain', () => evidence(sign(a), testVote(offender, b, 'phalanx-test-2')), 'SIGNATURE'],
];
for (const [name, made, reason] of faults) {
  test(`${name}: ${reason}`, () => refuses(reason, () => verifyDuplicateVote(TEST_CHAIN, made(), set)));
}

test('an offence has one name, whatever shows it', () => {
  const name = offenceId(evidence(sign(a), sign(b)));
  assert.equal(offenceId(evidence(sign(b), sign(a))), name);
  assert.equal(offenceId(evidence(sign({ ...b, timeNs: 1n }), sign({ ...a, blockId: NIL_BLOCK_ID }))), name);
  for (const step of [{ height: 8n }, { round: 1 }, { type: PREVOTE }] as const) {
    assert.notEqual(offenceId(evidence(sign({ ...a, ...step }), sign({ ...b, ...step }))), name);
  }
  assert.notEqual(offenceId(evidence(sign(a, other), sign(b, other))), name);
});

test('any two votes are an offence exactly if they differ in the block id and agree in the rest', () => {
  const anyVote = fc.record({
    type: fc.constantFrom(PREVOTE, PRECOMMIT),
    height: fc.constantFrom(7n, 8n),
    round: fc.constantFrom(0, 1),
    blockId: fc.constantFrom(NIL_BLOCK_ID, testBlockId('a'), testBlockId('b'), samePartsHash),
    timeNs: fc.bigInt({ min: -5n, max: 5n }),
  });
  fc.assert(
    fc.property(anyVote, anyVote, (first, second) => {
      const pair = evidence(sign(first), sign(second));
      const step = ({ type, height, round }: Vote) => `${type}/${height}/${round}`;
      if (step(first) !== step(second)) refuses('VOTE_STEP', () => verifyDuplicateVote(TEST_CHAIN, pair, set));
      else if (first.blockId === second.blockId)
        refuses('VOTE_BLOCK_ID', () => verifyDuplicateVote(TEST_CHAIN, pair, set));
      else assert.equal(verifyDuplicateVote(TEST_CHAIN, pair, set).key, offender.key);
    }),
  );
});
