// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseSigners, chooseValidSigners } from './choose-signers.ts';
import type { Commit, CommitSignature } from './commit.ts';
import { exceeds, ONE_THIRD, TWO_THIRDS } from './power.ts';
import { chosenSigners, powerIn, powerOf } from './signers.ts';
import { anyCommit } from './testing/any-commit.ts';
import {
  flipBit,
  setOf,
  TEST_CHAIN,
  testBlock,
  testBlockId,
  testValidators,
  type TestValidator,
} from './testing/generated-chain.ts';

type Flag = CommitSignature['flag'];

test('chosen places are the fewest that pass, for the block, ascending; none when all together do not', () => {
  fc.assert(
    fc.property(anyCommit(10), ({ validators: some, flags }) => {
      const [own, commit] = [setOf(some), unsigned(some, flags)];
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
  const validators = testValidators('usable', [40n, 30n, 20n, 10n]);
  const set = setOf(validators);
  const commit = unsigned(validators, ['commit', 'commit', 'nil', 'commit']);
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

test('votes whose signatures do not hold are passed over, until the rest is not enough', () => {
  const validators = testValidators('valid', [40n, 30n, 20n, 10n]);
  const set = setOf(validators);
  const { commit } = testBlock({ height: 5n, validators });
  const spoilt = (wrong: readonly number[]): Commit => ({
    ...commit,
    signatures: commit.signatures.map((place, i) =>
      place.flag !== 'absent' && wrong.includes(i) ? { ...place, signature: flipBit(place.signature) } : place,
    ),
  });
  const choose = (wrong: readonly number[]) =>
    chooseValidSigners(TEST_CHAIN, set, spoilt(wrong), [{ set, share: TWO_THIRDS }]);
  assert.deepEqual(choose([]), [0, 1]);
  assert.deepEqual(choose([1]), [0, 2, 3]);
  assert.deepEqual(choose([3]), [0, 1]);
  assert.equal(choose([0]), undefined);
  assert.equal(choose([1, 3]), undefined);
  const { signatures } = commit;
  const exchanged = { ...commit, signatures: [1, 0, 2, 3].flatMap((i) => signatures[i] ?? []) };
  assert.equal(chooseValidSigners(TEST_CHAIN, set, exchanged, [{ set, share: TWO_THIRDS }]), undefined);
});

/** A commit whose signatures say nothing, for what does not look at them. */
function unsigned(some: readonly TestValidator[], flags: readonly Flag[]): Commit {
  const signatures = some.map(({ address }, i): CommitSignature => {
    const flag = flags[i] ?? 'absent';
    return flag === 'absent' ? { flag } : { flag, address, timeNs: 0n, signature: `0x${'00'.repeat(64)}` };
  });
  return { height: 5n, round: 0, blockId: testBlockId('chosen'), signatures };
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
