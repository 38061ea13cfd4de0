// SPDX-License-Identifier: GPL-3.0-or-later
import type { Address, Hex } from 'viem';
import type { BatchKey } from './batch-key.ts';
import { DeployOptionsError } from './deploy-options-error.ts';
import { checkFollowed, type FollowedDeployment, type FollowedOptions } from './followed-options.ts';

/** A verifier to put on the chain. */
export interface VerifierSpec {
  /** a generated one in `contracts/generated`, for example `Quorum16Verifier`, or `BatchVerifier` */
  readonly contract: string;
  /** what a `BatchVerifier` is made with; the generated ones hold their key */
  readonly batchKey?: BatchKey;
  /** verification key hash of the key's manifest */
  readonly keyHash: Hex;
  /** statement kind, for example `quorum` */
  readonly kind: string;
  /** of the validator set the circuit is for; 0 where that does not matter */
  readonly capacity: number;
  /** number of public signals */
  readonly signalCount: number;
}

/** A validator set that the hub's Coalition sealed. */
export interface SetRecord {
  readonly commitment: bigint;
  readonly epoch: bigint;
  /** hub time, in seconds */
  readonly sealedAt: bigint;
  readonly capacity: number;
}

/** A source chain that the ledger follows from the start. */
export interface SourceChain {
  /** 31 bytes */
  readonly chainKey: Hex;
  /** heights are multiples of it */
  readonly interval: number;
}

/** What every chain of a coalition needs. Durations are in seconds. */
export interface ChainOptions {
  /** 31 bytes, of the chain deployed to */
  readonly chainKey: Hex;
  /** proposes to the timelock; anyone executes after its delay */
  readonly proposer: Address;
  readonly guardian: Address;
  readonly timelockDelay: number;
  readonly trustingPeriod: number;
  readonly evidenceWindow: number;
  readonly unbondingDelay: number;
  /** quorum is strictly more than share / 30,000 */
  readonly share: number;
  readonly maxDrift: number;
  readonly freezeDuration: number;
  readonly freezeCooldown: number;
  readonly minStakeGwei: bigint;
  /** part of 10,000 that a slashing takes */
  readonly penaltyBps: number;
  /** where penalties go; the timelock if left out */
  readonly treasury?: Address;
  readonly sources: readonly SourceChain[];
  readonly verifiers: readonly VerifierSpec[];
  /** CometBFT chains with a light client here; none if left out */
  readonly followed?: readonly FollowedOptions[];
}

/** The hub: where stakes vote and epochs are sealed. */
export interface HubOptions extends ChainOptions {
  readonly epochLength: number;
  readonly capacity: 16 | 64 | 128;
}

/** Any other chain. */
export interface DestinationOptions extends ChainOptions {
  readonly hubChainKey: Hex;
  readonly hubCoalition: Address;
  /** the set trusted from the start: compare it with the hub yourself, everything later follows from it */
  readonly anchor: SetRecord;
}

/** Where everything lies on one chain. */
export interface Deployment {
  readonly chainId: number;
  readonly chainKey: Hex;
  readonly timelock: Address;
  readonly verifierRegistry: Address;
  /** judges what consensus keys of other chains signed */
  readonly consensusJudge: Address;
  readonly ledger: Address;
  readonly stateReader: Address;
  readonly coalition: Address;
  /** light clients of CometBFT chains */
  readonly followed: readonly FollowedDeployment[];
  readonly verifiers: readonly { readonly contract: string; readonly keyHash: Hex; readonly address: Address }[];
  /** event scans start here */
  readonly firstBlock: bigint;
  readonly gasUsed: bigint;
}

/**
 * What the contracts cannot check themselves.
 * @throws DeployOptionsError
 */
export function checkOptions(options: ChainOptions): void {
  if (options.freezeDuration <= options.timelockDelay) {
    throw new DeployOptionsError(
      `a guardian's freeze of ${options.freezeDuration} s lapses before the timelock of ${options.timelockDelay} s lets the owner confirm it`,
    );
  }
  if (!options.verifiers.some(({ kind }) => kind === 'quorum')) {
    throw new DeployOptionsError('a ledger without a quorum verifier accepts nothing');
  }
  for (const { contract, kind, batchKey } of options.verifiers) {
    if ((kind === 'ed25519') === (batchKey !== undefined)) continue;
    throw new DeployOptionsError(`${contract} proves ${kind}: a batch key goes with ed25519, and with nothing else`);
  }
  const { followed = [] } = options;
  checkFollowed(followed);
  if (followed.length > 0 && !options.verifiers.some(({ kind }) => kind === 'ed25519')) {
    throw new DeployOptionsError('a light client of a CometBFT chain without an ed25519 verifier accepts nothing');
  }
}
