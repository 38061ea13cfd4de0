// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../bytes.ts';
import { chooseSigners } from './choose-signers.ts';
import { commitSignBytes, parseSignedHeader } from './commit.ts';
import { updateClient } from './update-client.ts';
import { exceeds, TWO_THIRDS } from './power.ts';
import { chosenSigners, powerOf } from './signers.ts';
import { consensusState, type LightClient } from './client-state.ts';
import { noRecording, recordedAnswer, RECORDED_HEIGHTS } from './testing/recorded.ts';
import { NANOSECONDS } from './timestamp.ts';
import { parseValidators } from './validator-set.ts';
import { checkSignedHeader, verifyCommit, verifyCommitLight } from './verify-commit.ts';

const CHAIN = 'cosmoshub-4';

function recorded(height: bigint) {
  const signedHeader = parseSignedHeader(recordedAnswer('commit', height), 'commit');
  const { set } = parseValidators([recordedAnswer('validators', height)], 'validators');
  return { signedHeader, commit: signedHeader.commit, set };
}

for (const height of RECORDED_HEIGHTS) {
  test(`cosmoshub-4 ${height}: 149 valid, 1 absent; 23 hold more than two thirds`, { skip: noRecording }, () => {
    const { signedHeader, commit, set } = recorded(height);
    checkSignedHeader(CHAIN, signedHeader, set);
    const { counts, signedPower, totalPower } = verifyCommit(CHAIN, commit, set);
    assert.deepEqual(counts, { commit: 149, nil: 0, absent: 1 });
    assert.ok(exceeds(signedPower, totalPower, TWO_THIRDS));
    verifyCommitLight(CHAIN, commit, set);
    const fewest = chooseSigners(set, commit, [{ set, share: TWO_THIRDS }]);
    assert.equal(fewest?.length, 23);
    const power = powerOf(chosenSigners(set, commit, fewest));
    const weakest = powerOf(chosenSigners(set, commit, fewest.slice(-1)));
    assert.ok(exceeds(power, totalPower, TWO_THIRDS) && !exceeds(power - weakest, totalPower, TWO_THIRDS));
  });

  test(`cosmoshub-4 ${height}: sign bytes of 111 to 113`, { skip: noRecording }, () => {
    const { commit } = recorded(height);
    for (const place of commit.signatures) {
      if (place.flag === 'absent') continue;
      const { length } = commitSignBytes(CHAIN, commit, place);
      assert.ok(length >= 111 && length <= 113, `${length} bytes`);
    }
  });
}

test('cosmoshub-4: the second block follows the first', { skip: noRecording }, () => {
  const [first, second] = RECORDED_HEIGHTS.map(recorded);
  assert.ok(first && second);
  const state = consensusState(first.signedHeader.header);
  assert.equal(fromHex(state.appHash).length, 32);
  const client: LightClient = {
    chainId: CHAIN,
    trustingPeriodNs: 14n * 86_400n * NANOSECONDS,
    maxClockDriftNs: 10n * NANOSECONDS,
    frozen: false,
    states: new Map([[first.commit.height, state]]),
  };
  const message = {
    trustedHeight: first.commit.height,
    signedHeader: second.signedHeader,
    validators: second.set,
    signers: chooseSigners(second.set, second.commit, [{ set: second.set, share: TWO_THIRDS }]) ?? [],
  };
  const now = second.signedHeader.header.timeNs + NANOSECONDS;
  const { outcome, client: updated } = updateClient(client, message, now);
  assert.equal(outcome, 'updated');
  assert.equal(updateClient(updated, message, now).outcome, 'known');
});
