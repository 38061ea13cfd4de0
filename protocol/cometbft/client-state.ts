// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../bytes.ts';
import type { SignedHeader } from './commit.ts';
import { headerHash, type Header } from './header.ts';
import type { TimeNs } from './timestamp.ts';
import type { ValidatorSet } from './validator-set.ts';

/**
 * What a light client keeps of a header (ICS-07, ConsensusState; with the block's hash, which settles every conflict).
 */
export interface ConsensusState {
  /** 32 bytes */
  readonly blockHash: Hex;
  readonly timeNs: TimeNs;
  /** root of the application's state after the block before */
  readonly appHash: Hex;
  /** of the set that signs the next height */
  readonly nextValidatorsHash: Hex;
}

/** A light client of one chain, of one revision: heights of another belong to another client. */
export interface LightClient {
  readonly chainId: string;
  /** how long after its time a state vouches for others; less than the chain's unbonding period */
  readonly trustingPeriodNs: bigint;
  /** how far a header's time may lie ahead of our clock */
  readonly maxClockDriftNs: bigint;
  /** set by misbehaviour; nothing is accepted then */
  readonly frozen: boolean;
  readonly states: ReadonlyMap<bigint, ConsensusState>;
}

/** A header, who signed it, and what it is to be believed by. */
export interface HeaderMessage {
  /** of a held state below the header */
  readonly trustedHeight: bigint;
  readonly signedHeader: SignedHeader;
  /** the header's own set */
  readonly validators: ValidatorSet;
  /** the set that the trusted state names as next; not looked at where that is the header's own */
  readonly trustedValidators?: ValidatorSet;
  /** places of the commit whose signatures are shown, strictly ascending */
  readonly signers: readonly number[];
}

export function consensusState(header: Header): ConsensusState {
  const { timeNs, appHash, nextValidatorsHash } = header;
  return { blockHash: headerHash(header), timeNs, appHash, nextValidatorsHash };
}
