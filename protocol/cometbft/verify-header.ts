// SPDX-License-Identifier: GPL-3.0-or-later
import type { ConsensusState, HeaderMessage, LightClient } from './client-state.ts';
import { exceeds, ONE_THIRD } from './power.ts';
import { CometBftRefusal } from './refusal.ts';
import { revisionOf } from './revision.ts';
import { checkSignature, chosenSigners, powerIn, powerOf } from './signers.ts';
import type { TimeNs } from './timestamp.ts';
import { validatorsHash } from './validator-set.ts';
import { checkSignedHeader, requireTwoThirds } from './verify-commit.ts';

/**
 * Check that a header is to be believed by a trusted state: `light.Verify` of CometBFT, but for its time, which is judged
 * against all states held. Adjacent: its set is the one that the trusted state names as next. Skipping: more than a
 * third of that set's power signed it. In both cases more than two thirds of its own set did.
 * @throws CometBftRefusal
 */
export function verifyHeader(client: LightClient, message: HeaderMessage, nowNs: TimeNs): void {
  const { header } = message.signedHeader;
  const trusted = trustedState(client, message, nowNs);
  if (header.timeNs >= nowNs + client.maxClockDriftNs) {
    throw new CometBftRefusal('TIME_IN_FUTURE', 'the header is ahead of our clock by more than the allowed drift');
  }
  const adjacent = header.height === message.trustedHeight + 1n;
  if (adjacent && header.validatorsHash !== trusted.nextValidatorsHash) {
    throw new CometBftRefusal(
      'NEXT_VALIDATORS_HASH',
      `the trusted state names ${trusted.nextValidatorsHash} as next, the header has ${header.validatorsHash}`,
    );
  }
  verifySigners(client, message, trusted);
}

/**
 * The same for a header that is evidence: one that enough of the trusted set signed, however far in the future, and
 * directly after the trusted state also with another set than that names (ICS-07, `checkMisbehaviourHeader`).
 * @throws CometBftRefusal
 */
export function verifyEvidenceHeader(client: LightClient, message: HeaderMessage, nowNs: TimeNs): void {
  verifySigners(client, message, trustedState(client, message, nowNs));
}

/** The state that the message is believed by: held, within its trusting period, of a lower height of the same chain. */
function trustedState(client: LightClient, message: HeaderMessage, nowNs: TimeNs): ConsensusState {
  const { trustedHeight, signedHeader, validators } = message;
  const [expected, actual] = [revisionOf(client.chainId), revisionOf(signedHeader.header.chainId)];
  if (expected !== actual)
    throw new CometBftRefusal('REVISION', `the header is of revision ${actual}, not ${expected}`);
  checkSignedHeader(client.chainId, signedHeader, validators);
  const trusted = client.states.get(trustedHeight);
  if (!trusted) throw new CometBftRefusal('TRUSTED_STATE_UNKNOWN', `no state is held at height ${trustedHeight}`);
  if (trusted.timeNs + client.trustingPeriodNs <= nowNs) {
    throw new CometBftRefusal('TRUSTED_STATE_EXPIRED', `the state at ${trustedHeight} is past its trusting period`);
  }
  if (signedHeader.header.height <= trustedHeight) {
    throw new CometBftRefusal(
      'HEIGHT_NOT_ABOVE_TRUSTED',
      `${signedHeader.header.height} is not above ${trustedHeight}`,
    );
  }
  return trusted;
}

/** That the signers hold enough of both sets and that their signatures hold, which is dear and comes last. */
function verifySigners(client: LightClient, message: HeaderMessage, trusted: ConsensusState): void {
  const { signedHeader, validators, trustedValidators = validators } = message;
  const trustedHash = validatorsHash(trustedValidators);
  if (trustedHash !== trusted.nextValidatorsHash) {
    throw new CometBftRefusal(
      'TRUSTED_VALIDATORS_HASH',
      `the trusted state names ${trusted.nextValidatorsHash} as next, the set is ${trustedHash}`,
    );
  }
  const signers = chosenSigners(validators, signedHeader.commit, message.signers);
  const trustedPower = powerIn(trustedValidators, signers);
  if (!exceeds(trustedPower, trustedValidators.totalPower, ONE_THIRD)) {
    throw new CometBftRefusal(
      'TRUSTED_POWER_INSUFFICIENT',
      `${trustedPower} of the trusted ${trustedValidators.totalPower} is not more than a third`,
    );
  }
  requireTwoThirds(powerOf(signers), validators);
  for (const signer of signers) checkSignature(client.chainId, signedHeader.commit, signer);
}
