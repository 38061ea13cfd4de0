// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InvalidFieldError } from '../errors.ts';
import { chooseSigners } from './choose-signers.ts';
import type { Commit, CommitSignature, SignedHeader } from './commit.ts';
import { TWO_THIRDS } from './power.ts';
import type { RefusalReason } from './refusal.ts';
import { anyCommit } from './testing/any-commit.ts';
import {
  flipBit,
  setOf,
  TEST_CHAIN,
  testBlock,
  testValidators,
  type TestValidator,
} from './testing/generated-chain.ts';
import { refuses } from './testing/refuses.ts';
import { MAX_TOTAL_VOTING_POWER, validatorSet } from './validator-set.ts';
import { checkSignedHeader, verifyCommit, verifyCommitLight } from './verify-commit.ts';

type Flag = CommitSignature['flag'];

const blockOf = (validators: readonly TestValidator[], flags: readonly Flag[], round = 0): SignedHeader =>
  testBlock({ height: 5n, round, validators, flag: (i) => flags[i] ?? 'absent' });

test('a commit holds exactly if more than two thirds of the power voted for the block', () => {
  fc.assert(
    fc.property(anyCommit(12), fc.nat(3), ({ validators, flags }, round) => {
      const set = setOf(validators);
      const { commit } = blockOf(validators, flags, round);
      const signed = validators.reduce((sum, { power }, i) => sum + (flags[i] === 'commit' ? power : 0n), 0n);
      if (3n * signed > 2n * set.totalPower) {
        const { counts, signedPower } = verifyCommit(TEST_CHAIN, commit, set);
        assert.equal(signedPower, signed);
        for (const flag of ['commit', 'nil', 'absent'] as const) {
          assert.equal(counts[flag], flags.filter((other) => other === flag).length);
        }
        verifyCommitLight(TEST_CHAIN, commit, set);
      } else {
        refuses('POWER_INSUFFICIENT', () => verifyCommit(TEST_CHAIN, commit, set));
        refuses('POWER_INSUFFICIENT', () => verifyCommitLight(TEST_CHAIN, commit, set));
      }
    }),
    { numRuns: 60 },
  );
});

for (const size of [4, 50, 150]) {
  test(`a set of ${size}: whole, and after the powers that exactly two thirds hold`, () => {
    const validators = testValidators(
      `size ${size}`,
      Array.from({ length: size }, () => 3n),
    );
    const set = setOf(validators);
    const { header, commit } = blockOf(
      validators,
      validators.map(() => 'commit'),
    );
    checkSignedHeader(TEST_CHAIN, { header, commit }, set);
    assert.equal(verifyCommit(TEST_CHAIN, commit, set).counts.commit, size);
    const least = Math.floor((size * 2) / 3) + 1;
    assert.equal(chooseSigners(set, commit, [{ set, share: TWO_THIRDS }])?.length, least);
    const flags = (count: number) => validators.map((_, i): Flag => (i < count ? 'commit' : 'absent'));
    verifyCommitLight(TEST_CHAIN, blockOf(validators, flags(least)).commit, set);
    refuses('POWER_INSUFFICIENT', () =>
      verifyCommitLight(TEST_CHAIN, blockOf(validators, flags(least - 1)).commit, set),
    );
  });
}

/** Powers, the one that the first validator has, and whether its vote alone is enough. */
const edges: readonly (readonly [name: string, powers: readonly bigint[], enough: boolean])[] = [
  ['exactly two thirds', [2n, 1n], false],
  ['one more than two thirds', [2_000_001n, 1_000_000n], true],
  ['one less', [1_999_999n, 1_000_000n], false],
  ['two thirds rounded down of 100 is 66', [66n, 34n], false],
  ['67 of 100', [67n, 33n], true],
  ['all power in one', [1n, 0n], true],
  ['no power at all', [0n, 0n], false],
  ['the largest total, by one', [(MAX_TOTAL_VOTING_POWER / 3n) * 2n + 1n, MAX_TOTAL_VOTING_POWER / 3n - 1n], true],
  ['the largest total, exactly', [(MAX_TOTAL_VOTING_POWER / 3n) * 2n, MAX_TOTAL_VOTING_POWER / 3n], false],
];
for (const [name, powers, enough] of edges) {
  test(`power: ${name}`, () => {
    const validators = testValidators('edges', powers);
    const set = setOf(validators);
    const { commit } = blockOf(validators, ['commit', 'nil']);
    const verify = () => verifyCommit(TEST_CHAIN, commit, set);
    if (enough) assert.equal(verify().signedPower, powers[0]);
    else refuses('POWER_INSUFFICIENT', verify);
  });
}

test('a set refuses negative powers, a sum of 2^60, and to be empty', () => {
  const [a, b] = testValidators('set', [1n, 1n]);
  assert.ok(a && b);
  assert.equal(validatorSet([{ ...a, power: MAX_TOTAL_VOTING_POWER }]).totalPower, (1n << 60n) - 1n);
  refuses('POWER_EXCESSIVE', () => validatorSet([{ ...a, power: MAX_TOTAL_VOTING_POWER }, b]));
  assert.throws(() => validatorSet([a, { ...b, power: -1n }]), InvalidFieldError);
  assert.throws(() => validatorSet([]), InvalidFieldError);
});

test('a key at two places of a set counts at the one where it votes, and may not vote at both', () => {
  const [a, b] = testValidators('twice', [30n, 20n]);
  assert.ok(a && b);
  const twice = [a, b, { ...a, power: 5n }];
  const set = setOf(twice);
  const check = (flags: readonly Flag[], verify: typeof verifyCommit | typeof verifyCommitLight) =>
    verify(TEST_CHAIN, blockOf(twice, flags).commit, set);
  assert.equal(verifyCommit(TEST_CHAIN, blockOf(twice, ['commit', 'commit', 'absent']).commit, set).signedPower, 50n);
  verifyCommitLight(TEST_CHAIN, blockOf(twice, ['commit', 'commit', 'commit']).commit, set); // enough before the third
  for (const verify of [verifyCommit, verifyCommitLight]) {
    refuses('POWER_INSUFFICIENT', () => check(['absent', 'commit', 'commit'], verify));
    refuses('VALIDATOR_REPEATED', () => check(['commit', 'absent', 'commit'], verify));
  }
  refuses('VALIDATOR_REPEATED', () => check(['commit', 'commit', 'nil'], verifyCommit));
});

const validators = testValidators('faults', [40n, 30n, 20n, 10n]);
const set = setOf(validators);
const good = (): SignedHeader => blockOf(validators, ['commit', 'commit', 'nil', 'commit']);

const withPlace = (
  signed: SignedHeader,
  index: number,
  change: (place: CommitSignature) => CommitSignature,
): SignedHeader => ({
  ...signed,
  commit: {
    ...signed.commit,
    signatures: signed.commit.signatures.map((place, i) => (i === index ? change(place) : place)),
  },
});
const withCommit = (signed: SignedHeader, change: Partial<Commit>): SignedHeader => ({
  ...signed,
  commit: { ...signed.commit, ...change },
});
const voted =
  (change: (place: Exclude<CommitSignature, { flag: 'absent' }>) => CommitSignature) => (place: CommitSignature) =>
    place.flag === 'absent' ? place : change(place);

const faults: readonly (readonly [
  name: string,
  spoil: (signed: SignedHeader) => SignedHeader,
  reason: RefusalReason,
])[] = [
  [
    'a bit of a signature',
    (s) =>
      withPlace(
        s,
        0,
        voted((p) => ({ ...p, signature: flipBit(p.signature, 300) })),
      ),
    'SIGNATURE',
  ],
  [
    'a bit of the signature of a vote for nil',
    (s) =>
      withPlace(
        s,
        2,
        voted((p) => ({ ...p, signature: flipBit(p.signature, 3) })),
      ),
    'SIGNATURE',
  ],
  [
    'a vote for nil passed off as one for the block',
    (s) =>
      withPlace(
        s,
        2,
        voted((p) => ({ ...p, flag: 'commit' })),
      ),
    'SIGNATURE',
  ],
  [
    'a vote for the block passed off as one for nil',
    (s) =>
      withPlace(
        s,
        3,
        voted((p) => ({ ...p, flag: 'nil' })),
      ),
    'SIGNATURE',
  ],
  [
    "a vote's time by a nanosecond",
    (s) =>
      withPlace(
        s,
        1,
        voted((p) => ({ ...p, timeNs: p.timeNs + 1n })),
      ),
    'SIGNATURE',
  ],
  ['the round', (s) => withCommit(s, { round: 1 }), 'SIGNATURE'],
  [
    'the number of parts',
    (s) => withCommit(s, { blockId: { ...s.commit.blockId, parts: { ...s.commit.blockId.parts, total: 2 } } }),
    'SIGNATURE',
  ],
  [
    'the hash of the parts',
    (s) => withCommit(s, { blockId: { ...s.commit.blockId, parts: { total: 1, hash: s.commit.blockId.hash } } }),
    'SIGNATURE',
  ],
  [
    'the address of another member',
    (s) =>
      withPlace(
        s,
        0,
        voted((p) => ({ ...p, address: validators[1]?.address ?? '0x' })),
      ),
    'SIGNER_ADDRESS',
  ],
  [
    'the address of nobody',
    (s) =>
      withPlace(
        s,
        0,
        voted((p) => ({ ...p, address: flipBit(p.address) })),
      ),
    'SIGNER_ADDRESS',
  ],
  [
    'two votes exchanged',
    (s) => withCommit(s, { signatures: [1, 0, 2, 3].flatMap((i) => s.commit.signatures[i] ?? []) }),
    'SIGNER_ADDRESS',
  ],
  [
    'one vote in two places',
    (s) => withPlace(s, 1, () => s.commit.signatures[0] ?? { flag: 'absent' }),
    'SIGNER_ADDRESS',
  ],
  ['a vote left out', (s) => withPlace(s, 0, () => ({ flag: 'absent' })), 'POWER_INSUFFICIENT'],
  ['a place too few', (s) => withCommit(s, { signatures: s.commit.signatures.slice(0, 3) }), 'COMMIT_SIZE'],
  [
    'a place too many',
    (s) => withCommit(s, { signatures: [...s.commit.signatures, { flag: 'absent' }] }),
    'COMMIT_SIZE',
  ],
  ["the commit's height", (s) => withCommit(s, { height: 6n }), 'COMMIT_HEIGHT'],
  [
    "the block id's hash",
    (s) => withCommit(s, { blockId: { ...s.commit.blockId, hash: flipBit(s.commit.blockId.hash) } }),
    'HEADER_HASH',
  ],
];
for (const [name, spoil, reason] of faults) {
  test(`refuses ${name}: ${reason}`, () => {
    const check = (signed: SignedHeader) => {
      checkSignedHeader(TEST_CHAIN, signed, set);
      verifyCommit(TEST_CHAIN, signed.commit, set);
    };
    check(good());
    refuses(reason, () => check(spoil(good())));
  });
}

test('a commit of one chain is none of another', () => {
  refuses('SIGNATURE', () => verifyCommit('phalanx-test-2', good().commit, set));
});

test('the light check stops as soon as it has enough', () => {
  const spoilt = withPlace(
    blockOf(validators, ['commit', 'commit', 'nil', 'commit']),
    3,
    voted((p) => ({ ...p, signature: flipBit(p.signature) })),
  );
  verifyCommitLight(TEST_CHAIN, spoilt.commit, set);
  refuses('SIGNATURE', () => verifyCommit(TEST_CHAIN, spoilt.commit, set));
});
