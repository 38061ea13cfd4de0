// SPDX-License-Identifier: GPL-3.0-or-later
import type { Address, Hex } from 'viem';
import { DeployOptionsError } from './deploy-options-error.ts';

/** `ICometBftLedger.ConsensusState`. */
export interface FollowedAnchor {
  readonly height: bigint;
  readonly timeNs: bigint;
  readonly appHash: Hex;
  readonly nextValidatorsHash: Hex;
  readonly blockHash: Hex;
}

/** A CometBFT chain that a chain has a light client of. Periods are in seconds. */
export interface FollowedOptions {
  /** as its headers have it */
  readonly chainId: string;
  /** 31 bytes */
  readonly chainKey: Hex;
  /** the chain's own */
  readonly unbondingPeriod: number;
  readonly trustingPeriod: number;
  readonly maxClockDrift: number;
  /** the chain's own consensus parameters `evidence.max_age_num_blocks` and `max_age_duration` */
  readonly evidenceMaxAgeBlocks: number;
  readonly evidenceMaxAge: number;
  /** the state trusted from the start, from a source that you believe: everything later follows from it */
  readonly anchor: FollowedAnchor;
}

/** Where the contracts of a followed chain lie. */
export interface FollowedDeployment {
  readonly chainId: string;
  readonly chainKey: Hex;
  /** `CometBftLedger` */
  readonly ledger: Address;
  readonly appStateReader: Address;
}

/**
 * What the contracts would refuse without a word of the option that it is, or not at all.
 * @throws DeployOptionsError
 */
export function checkFollowed(followed: readonly FollowedOptions[]): void {
  followed.forEach((chain, i) => {
    const { chainId, chainKey, trustingPeriod, unbondingPeriod, evidenceMaxAge, evidenceMaxAgeBlocks, anchor } = chain;
    const refuse = (field: string, bound: string): never => {
      throw new DeployOptionsError(`${field} of the followed chain ${chainId}: ${bound}`);
    };
    if (followed.findIndex((other) => other.chainId === chainId || other.chainKey === chainKey) !== i) {
      refuse('chainKey', 'of a chain that stands once');
    }
    if (trustingPeriod <= 0) refuse('trustingPeriod', `more than 0 s, not ${trustingPeriod}`);
    if (trustingPeriod >= unbondingPeriod) {
      refuse('trustingPeriod', `less than the chain's unbonding period, ${unbondingPeriod} s, not ${trustingPeriod}`);
    }
    if (evidenceMaxAge <= 0) refuse('evidenceMaxAge', `more than 0 s, not ${evidenceMaxAge}`);
    if (evidenceMaxAgeBlocks <= 0) refuse('evidenceMaxAgeBlocks', `more than 0, not ${evidenceMaxAgeBlocks}`);
    if (anchor.height <= 0n) refuse('anchor.height', `more than 0, not ${anchor.height}`);
  });
}
