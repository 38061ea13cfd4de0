// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from 'viem';
import type { HeaderMessage } from '../../protocol/cometbft/client-state.ts';
import type { RefusalReason } from '../../protocol/cometbft/refusal.ts';

/** The ledger's name for each of our reasons; `ValidatorsHashMismatch` stands for three. */
const REASONS: Readonly<Record<string, RefusalReason>> = {
  LedgerIsFrozen: 'FROZEN',
  StateNotHeld: 'TRUSTED_STATE_UNKNOWN',
  StateExpired: 'TRUSTED_STATE_EXPIRED',
  HeightNotAboveTrusted: 'HEIGHT_NOT_ABOVE_TRUSTED',
  TimeTooFarAhead: 'TIME_IN_FUTURE',
  TotalPowerTooLarge: 'POWER_EXCESSIVE',
  ValidatorRepeated: 'VALIDATOR_REPEATED',
  IndexNotAscending: 'SIGNER_ORDER',
  IndexOutOfRange: 'SIGNER_UNKNOWN',
  PowerTooSmall: 'POWER_INSUFFICIENT',
  TrustedPowerTooSmall: 'TRUSTED_POWER_INSUFFICIENT',
  InvalidProof: 'SIGNATURE',
  NoMisbehaviour: 'NO_CONFLICT',
};

/** What a ledger answers for a height below all that it holds, where it is told no height held below. */
export const NO_PREDECESSOR = 'NotPredecessor';

/**
 * Our reason for an error of the ledger.
 * @param messages whose header or headers it refused, in its order
 */
export function reasonOf(error: string, args: readonly unknown[], messages: readonly HeaderMessage[]): string {
  if (error !== 'ValidatorsHashMismatch') return REASONS[error] ?? error;
  const [expected, actual] = args as [Hex, Hex];
  const isOwn = messages.some(({ signedHeader }) => signedHeader.header.validatorsHash === expected);
  if (isOwn) return 'VALIDATORS_HASH';
  // Evidence may have another set directly after its trusted state; it lacks the set that was named then.
  const [only, ...others] = messages;
  if (!only || others.length > 0) return 'TRUSTED_VALIDATORS_HASH';
  const { header } = only.signedHeader;
  const adjacent = header.height === only.trustedHeight + 1n && header.validatorsHash === actual;
  return adjacent ? 'NEXT_VALIDATORS_HASH' : 'TRUSTED_VALIDATORS_HASH';
}
