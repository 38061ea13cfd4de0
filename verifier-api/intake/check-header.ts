// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import { consensusState, type ConsensusState, type HeaderMessage } from '../../protocol/cometbft/client-state.ts';
import { chooseSigners, chooseValidSigners, type Requirement } from '../../protocol/cometbft/choose-signers.ts';
import { parseSignedHeader } from '../../protocol/cometbft/commit.ts';
import {
  ledgerHeader,
  ledgerState,
  signatureSlots,
  type LedgerSignedHeader,
  type LedgerState,
  type SignatureSlot,
} from '../../protocol/cometbft/ledger-header.ts';
import { ONE_THIRD, TWO_THIRDS } from '../../protocol/cometbft/power.ts';
import { CometBftRefusal, type RefusalReason } from '../../protocol/cometbft/refusal.ts';
import { NANOSECONDS } from '../../protocol/cometbft/timestamp.ts';
import { updateClient } from '../../protocol/cometbft/update-client.ts';
import { validatorsHash } from '../../protocol/cometbft/validator-set.ts';
import { checkSignedHeader } from '../../protocol/cometbft/verify-commit.ts';
import type { FollowedChain } from '../../runtime/followed-chain.ts';
import type { ConsensusStateStore } from '../store/consensus-state-store.ts';
import { parseSet } from './parse-set.ts';

/** Answers of a chain's nodes about a header, and the height of the state that it is to be believed by. */
export interface HeaderAnswers {
  readonly commit: unknown;
  readonly validators: unknown;
  readonly trustedHeight: bigint;
  readonly trustedValidators?: unknown;
}

/** What other signers may make up for. */
const OF_ONE_SIGNER: ReadonlySet<RefusalReason> = new Set(['SIGNATURE', 'SIGNER_ADDRESS']);

export interface CheckedHeader {
  /** what the header leads to */
  readonly consensus: ConsensusState;
  /** in the ledger's form */
  readonly trusted: LedgerState;
  readonly header: LedgerSignedHeader;
  /** what the chosen signers signed, in their order */
  readonly slots: readonly SignatureSlot[];
  /** another header is held at its height, or its time does not rise */
  readonly contradicts: boolean;
}

/**
 * Check a header as a ledger of the chain will, and choose the fewest signatures that show it.
 * @throws InvalidFieldError, CometBftRefusal
 */
export async function checkHeader(
  chain: FollowedChain,
  states: ConsensusStateStore,
  answers: HeaderAnswers,
  nowMs: number,
): Promise<CheckedHeader> {
  const { trustedHeight } = answers;
  const signedHeader = parseSignedHeader(answers.commit, 'commit');
  const { height } = signedHeader.header;
  // Before all else: the light client takes a header that is its own trusted state as known, whoever signed it.
  if (height <= trustedHeight) {
    throw new CometBftRefusal('HEIGHT_NOT_ABOVE_TRUSTED', `${height} is not above ${trustedHeight}`);
  }
  const validators = parseSet(answers.validators, 'validators');
  const named =
    answers.trustedValidators === undefined ? undefined : parseSet(answers.trustedValidators, 'trustedValidators');
  checkSignedHeader(chain.chainId, signedHeader, validators);
  const trusted = await states.at(chain, trustedHeight);
  if (!trusted) {
    throw new CometBftRefusal('TRUSTED_STATE_UNKNOWN', `no header of height ${trustedHeight} has been accepted`);
  }
  // The ledger does not look at a second set that is the first.
  const same = trusted.nextValidatorsHash === validatorsHash(validators);
  const trustedValidators = same ? undefined : named;
  const requirements = [
    { set: validators, share: TWO_THIRDS },
    ...(trustedValidators ? [{ set: trustedValidators, share: ONE_THIRD }] : []),
  ];
  const consensus = consensusState(signedHeader.header);
  const client = await clientAround(chain, states, height, consensus.blockHash);
  const held = { ...client, states: client.states.set(trustedHeight, trusted) };
  const { commit } = signedHeader;
  const judge = (choose: Choose): { message: HeaderMessage; contradicts: boolean } => {
    // Where all signatures are too few the light client says which rule that breaks.
    const signers = choose(requirements) ?? choose(requirements.slice(0, 1)) ?? [];
    const other = trustedValidators ? { trustedValidators } : {};
    const message = { trustedHeight, signedHeader, validators, signers, ...other };
    const { outcome } = updateClient(held, message, BigInt(nowMs) * 1_000_000n);
    return { message, contradicts: outcome === 'misbehaviour' };
  };
  const { message, contradicts } = signaturesOnce(
    () => judge((of) => chooseSigners(validators, commit, of)),
    () => judge((of) => chooseValidSigners(chain.chainId, validators, commit, of)),
  );
  return {
    consensus,
    trusted: ledgerState(trustedHeight, trusted),
    header: ledgerHeader(message),
    slots: signatureSlots(message),
    contradicts,
  };
}

type Choose = (requirements: readonly Requirement[]) => readonly number[] | undefined;

/** A light client with what a header at a height can contradict. */
async function clientAround(chain: FollowedChain, states: ConsensusStateStore, height: bigint, blockHash: Hex) {
  const held = await states.around(chain, height);
  // A header that is held is judged anew: it may be shown by another trusted state.
  if (held.get(height)?.blockHash === blockHash) held.delete(height);
  return {
    chainId: chain.chainId,
    trustingPeriodNs: BigInt(chain.trustingPeriodSeconds) * NANOSECONDS,
    maxClockDriftNs: BigInt(chain.maxClockDriftSeconds) * NANOSECONDS,
    frozen: false,
    states: held,
  };
}

/** Nearly every commit holds whole, and a signature is dear: what holds is looked for only where one does not. */
function signaturesOnce<T>(unchecked: () => T, checked: () => T): T {
  try {
    return unchecked();
  } catch (error) {
    if (error instanceof CometBftRefusal && OF_ONE_SIGNER.has(error.reason)) return checked();
    throw error;
  }
}
