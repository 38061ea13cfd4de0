// SPDX-License-Identifier: GPL-3.0-or-later
import type { ConsensusState, HeaderMessage, LightClient } from './client-state.ts';
import { exceeds, ONE_THIRD } from './power.ts';
import { CometBftRefusal } from './refusal.ts';
import { revisionOf } from './revision.ts';
import { checkSignature, chosenSigners, powerIn, powerOf, type Signer } from './signers.ts';
import type { TimeNs } from './timestamp.ts';
import { validatorsHash } from './validator-set.ts';
import { checkSignedHeader, requireTwoThirds } from './verify-commit.ts';

/**
 * Check that a header is to be believed by a trusted state: `light.Verify` of CometBFT, but for the header's time,
 * which is compared elsewhere. Adjacent: its set is the one that the trusted state names as next. Skipping: more than a
 * third of that set's power signed it. In both cases more than two thirds of its own set did.
 * @throws CometBftRefusal
 */
export function verifyHeader(client: LightClient, message: HeaderMessage, nowNs: TimeNs): void {
  verifySigners(client, message, trustedState(client, message, nowNs), true);
}

/**
 * The same for one of two headers that are evidence: directly after the trusted state it may have another set than the
 * named one if enough of that signed it (ICS-07, `checkMisbehaviourHeader`).
 * @throws CometBftRefusal
 */
export function verifyEvidenceHeader(client: LightClient, message: HeaderMessage, nowNs: TimeNs): void {
  verifySigners(client, message, trustedState(client, message, nowNs), false);
}

/**
 * The state that the message is believed by: held, of a lower height of the same chain, within its trusting period. The
 * order of the checks, here and below, is the contract's, so that both refuse for the same reason.
 */
function trustedState(client: LightClient, message: HeaderMessage, nowNs: TimeNs): ConsensusState {
  const { trustedHeight, signedHeader, validators } = message;
  const [expected, actual] = [revisionOf(client.chainId), revisionOf(signedHeader.header.chainId)];
  if (expected !== actual)
    throw new CometBftRefusal('REVISION', `the header is of revision ${actual}, not ${expected}`);
  const trusted = client.states.get(trustedHeight);
  if (!trusted) throw new CometBftRefusal('TRUSTED_STATE_UNKNOWN', `no state is held at height ${trustedHeight}`);
  if (signedHeader.header.height <= trustedHeight) {
    throw new CometBftRefusal(
      'HEIGHT_NOT_ABOVE_TRUSTED',
      `${signedHeader.header.height} is not above ${trustedHeight}`,
    );
  }
  if (trusted.timeNs + client.trustingPeriodNs <= nowNs) {
    throw new CometBftRefusal('TRUSTED_STATE_EXPIRED', `the state at ${trustedHeight} is past its trusting period`);
  }
  checkSignedHeader(client.chainId, signedHeader, validators);
  return trusted;
}

/**
 * That the signers hold enough of both sets and that their signatures hold, which is dear and comes last.
 * @param asNext whether a header directly after its trusted state must have the very set that was named
 */
function verifySigners(client: LightClient, message: HeaderMessage, trusted: ConsensusState, asNext: boolean): void {
  const { signedHeader, validators, trustedHeight } = message;
  const { header, commit } = signedHeader;
  const signers = chosenSigners(validators, commit, message.signers);
  requireTwoThirds(powerOf(signers), validators);
  if (header.validatorsHash !== trusted.nextValidatorsHash) {
    if (asNext && header.height === trustedHeight + 1n) {
      throw new CometBftRefusal(
        'NEXT_VALIDATORS_HASH',
        `the trusted state names ${trusted.nextValidatorsHash} as next, the header has ${header.validatorsHash}`,
      );
    }
    requireOverlap(message, trusted, signers);
  }
  for (const signer of signers) checkSignature(client.chainId, commit, signer);
}

function requireOverlap(
  { validators, trustedValidators = validators }: HeaderMessage,
  trusted: ConsensusState,
  signers: readonly Signer[],
): void {
  const hash = validatorsHash(trustedValidators);
  if (hash !== trusted.nextValidatorsHash) {
    throw new CometBftRefusal(
      'TRUSTED_VALIDATORS_HASH',
      `the trusted state names ${trusted.nextValidatorsHash} as next, the set is ${hash}`,
    );
  }
  const power = powerIn(trustedValidators, signers);
  if (!exceeds(power, trustedValidators.totalPower, ONE_THIRD)) {
    throw new CometBftRefusal(
      'TRUSTED_POWER_INSUFFICIENT',
      `${power} of the trusted ${trustedValidators.totalPower} is not more than a third`,
    );
  }
}
