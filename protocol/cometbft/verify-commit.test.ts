// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InvalidFieldError } from '../errors.ts';
import { chooseSigners } from './choose-signers.ts';
import type { Commit, CommitSignature, SignedHeader } from './commit.ts';
import { exceeds, ONE_THIRD, TWO_THIRDS } from './power.ts';
import type { RefusalReason } from './refusal.ts';
import { chosenSigners, powerIn, powerOf } from './signers.ts';
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

const anyFlag: fc.Arbitrary<Flag> = fc.constantFrom('commit', 'commit', 'commit', 'nil', 'absent');
const anyPower = fc.oneof(fc.constantFrom(0n, 1n, 2n, 3n, (1n << 53n) + 1n), fc.bigInt({ min: 0n, max: 1n << 52n }));

/** Sets of any size, their votes and the place of each. */
const anyCommit = (max: number) =>
  fc.array(fc.record({ power: anyPower, flag: anyFlag }), { minLength: 4, maxLength: max }).map((places) => {
    const validators = testValidators(
      'any',
      places.map(({ power }) => power),
    );
    return { validators, flags: places.map(({ flag }) => flag) };
  });

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

test('a set refuses negative powers, a sum of 2^60, a key twice, and to be empty', () => {
  const [a, b] = testValidators('set', [1n, 1n]);
  assert.ok(a && b);
  assert.equal(validatorSet([{ ...a, power: MAX_TOTAL_VOTING_POWER }]).totalPower, (1n << 60n) - 1n);
  refuses('POWER_EXCESSIVE', () => validatorSet([{ ...a, power: MAX_TOTAL_VOTING_POWER }, b]));
  refuses('VALIDATOR_REPEATED', () => validatorSet([a, b, { ...a, power: 2n }]));
  assert.throws(() => validatorSet([a, { ...b, power: -1n }]), InvalidFieldError);
  assert.throws(() => validatorSet([]), InvalidFieldError);
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
    const { header, commit } = good();
    refuses(reason, () => checkSignedHeader(TEST_CHAIN, { header: change(header), commit }, set));
  });
}

test('refuses another set: another order, power or member', () => {
  const signed = good();
  const [a, b, c, d] = validators;
  const [other] = testValidators('other', [10n]);
  assert.ok(a && b && c && d && other);
  for (const changed of [
    [b, a, c, d],
    [a, b, c, { ...d, power: 11n }],
    [a, b, c, other],
    [a, b, c],
  ]) {
    refuses('VALIDATORS_HASH', () => checkSignedHeader(TEST_CHAIN, signed, setOf(changed)));
  }
});

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

test('chosen places are the fewest that pass, for the block, ascending; none when all together do not', () => {
  fc.assert(
    fc.property(anyCommit(10), ({ validators: some, flags }) => {
      const [own, { commit }] = [setOf(some), { commit: unsigned(some, flags) }];
      const chosen = chooseSigners(own, commit, [{ set: own, share: TWO_THIRDS }]);
      const candidates = some.flatMap(({ power }, i) => (flags[i] === 'commit' ? [power] : []));
      assert.equal(chosen?.length, fewest(candidates, own.totalPower));
      if (!chosen) return;
      const power = powerOf(chosenSigners(own, commit, chosen));
      assert.ok(exceeds(power, own.totalPower, TWO_THIRDS));
    }),
  );
});

test('places chosen for two sets meet both requirements', () => {
  fc.assert(
    fc.property(
      anyCommit(10),
      fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
      ({ validators: some, flags }, kept) => {
        const trusted = setOf([...some.filter((_, i) => kept[i]), ...testValidators('gone', [5n])]);
        const [own, commit] = [setOf(some), unsigned(some, flags)];
        const chosen = chooseSigners(own, commit, [
          { set: own, share: TWO_THIRDS },
          { set: trusted, share: ONE_THIRD },
        ]);
        const all = chosenSigners(
          own,
          commit,
          flags.flatMap((flag, i) => (flag === 'commit' ? [i] : [])),
        );
        const possible =
          exceeds(powerOf(all), own.totalPower, TWO_THIRDS) &&
          exceeds(powerIn(trusted, all), trusted.totalPower, ONE_THIRD);
        assert.equal(chosen !== undefined, possible);
        if (!chosen) return;
        const signers = chosenSigners(own, commit, chosen);
        assert.ok(exceeds(powerOf(signers), own.totalPower, TWO_THIRDS));
        assert.ok(exceeds(powerIn(trusted, signers), trusted.totalPower, ONE_THIRD));
      },
    ),
  );
});

test('places that may not be used are not chosen', () => {
  const { commit } = good();
  const requirement = { set, share: ONE_THIRD };
  assert.deepEqual(chooseSigners(set, commit, [requirement]), [0]);
  assert.deepEqual(
    chooseSigners(set, commit, [requirement], (i) => i !== 0),
    [1, 3],
  );
  assert.equal(
    chooseSigners(set, commit, [requirement], (i) => i === 3),
    undefined,
  );
});

/** A commit whose signatures say nothing, for what does not look at them. */
function unsigned(some: readonly TestValidator[], flags: readonly Flag[]): Commit {
  const { commit } = good();
  const signatures = some.map(({ address }, i): CommitSignature => {
    const flag = flags[i] ?? 'absent';
    return flag === 'absent' ? { flag } : { flag, address, timeNs: 0n, signature: `0x${'00'.repeat(64)}` };
  });
  return { ...commit, signatures };
}

/** Size of the smallest part of `powers` that passes, by trying every part. */
function fewest(powers: readonly bigint[], total: bigint): number | undefined {
  let best: number | undefined;
  for (let part = 0; part < 1 << powers.length; part += 1) {
    const chosen = powers.filter((_, i) => (part >> i) & 1);
    if (
      !exceeds(
        chosen.reduce((a, b) => a + b, 0n),
        total,
        TWO_THIRDS,
      )
    )
      continue;
    best = Math.min(best ?? chosen.length, chosen.length);
  }
  return best;
}
