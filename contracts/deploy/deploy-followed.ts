// SPDX-License-Identifier: GPL-3.0-or-later
import type { Address } from 'viem';
import type { Deployer } from './deployer.ts';
import type { FollowedDeployment, FollowedOptions } from './followed-options.ts';

/** What the light clients on one chain share. */
export interface FollowedFoundation {
  /** owner of every ledger */
  readonly timelock: Address;
  readonly guardian: Address;
  readonly verifierRegistry: Address;
  /** of a guardian's freeze, in seconds */
  readonly freezeDuration: number;
  readonly freezeCooldown: number;
}

/** A light client of one CometBFT chain that trusts the anchor, and the reader in front of it. */
export async function deployFollowed(
  deployer: Deployer,
  foundation: FollowedFoundation,
  followed: FollowedOptions,
): Promise<FollowedDeployment> {
  const { chainId, chainKey, unbondingPeriod, trustingPeriod, maxClockDrift, anchor } = followed;
  const { timelock, guardian, verifierRegistry, freezeDuration, freezeCooldown } = foundation;
  const ledger = await deployer.deploy('CometBftLedger', [
    {
      owner: timelock,
      guardian,
      verifiers: verifierRegistry,
      chainId,
      unbondingPeriod,
      policy: { trustingPeriod, maxClockDrift, freezeDuration, freezeCooldown },
      anchor,
    },
  ]);
  const reader = await deployer.deploy('AppStateReader', [ledger.address]);
  return { chainId, chainKey, ledger: ledger.address, appStateReader: reader.address };
}

/** `ICometBftJudge.Chain`. */
export function judgedChain({ evidenceMaxAgeBlocks, evidenceMaxAge }: FollowedOptions, ledger: Address) {
  return { ledger, maxAgeBlocks: BigInt(evidenceMaxAgeBlocks), maxAgeSeconds: BigInt(evidenceMaxAge) };
}
