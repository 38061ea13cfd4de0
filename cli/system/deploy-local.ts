// SPDX-License-Identifier: GPL-3.0-or-later
import { createWalletClient, http } from 'viem';
import { deployDestination } from '../../contracts/deploy/deploy-destination.ts';
import { deployHub } from '../../contracts/deploy/deploy-hub.ts';
import { deployLockBox, deployMintBridge } from '../../contracts/deploy/deploy-bridge.ts';
import type { DeployClient } from '../../contracts/deploy/deployer.ts';
import type { ChainOptions, SetRecord } from '../../contracts/deploy/options.ts';
import type { KeyArtifacts } from '../../circuits/artifacts.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { MIN_SHARE } from '../../protocol/share.ts';
import type { FollowedDeployFile } from '../../runtime/followed-deploy.ts';
import { followedOptions } from '../operations/followed-options.ts';
import { verifierSpec } from '../verifier-spec.ts';
import { ACCOUNTS, type LocalChain } from './local-chain.ts';

/** Durations of the local system, in seconds of its chains: short enough to be waited out by moving their clocks. */
export const PERIODS = {
  trustingPeriod: 7_200,
  evidenceWindow: 3_600,
  unbondingDelay: 14_400,
  timelockDelay: 120,
  epochLength: 60,
  /** clocks of the two chains may be moved by as much against each other */
  maxDrift: 900,
  freezeDuration: 3_600,
  freezeCooldown: 7_200,
} as const;

/** Client that deploys as the owner. */
export function deployClient({ chain, url }: LocalChain): DeployClient {
  return createWalletClient({ account: ACCOUNTS.owner, chain, transport: http(url), pollingInterval: 100 });
}

/** What both chains of the local system have alike. */
export interface LocalContracts {
  /** heights between two checkpoints of the other chain */
  readonly interval: number;
  readonly keys: readonly KeyArtifacts[];
  /** CometBFT chains with a light client on each; none if left out */
  readonly followed?: readonly FollowedDeployFile[];
}

/** What a chain is deployed with. */
export function chainOptions(
  local: LocalChain,
  source: LocalChain,
  { interval, keys, followed = [] }: LocalContracts,
): ChainOptions {
  return {
    ...PERIODS,
    chainKey: local.chainKey,
    proposer: ACCOUNTS.owner.address,
    guardian: ACCOUNTS.guardian.address,
    share: MIN_SHARE,
    minStakeGwei: 1_000_000_000n,
    penaltyBps: 10_000,
    sources: [{ chainKey: source.chainKey, interval }],
    verifiers: keys.map(verifierSpec),
    followed: followed.map(followedOptions),
  };
}

/** The hub's contracts on `hub`, with `other` as the chain that its ledger follows. */
export async function deployLocalHub(hub: LocalChain, other: LocalChain, contracts: LocalContracts): Promise<void> {
  const options = chainOptions(hub, other, contracts);
  hub.deployment = await deployHub(deployClient(hub), { ...options, epochLength: PERIODS.epochLength, capacity: 16 });
}

/** The other chain's, trusting the hub's sealed set from the start. */
export async function deployLocalDestination(
  other: LocalChain,
  hub: LocalChain,
  contracts: LocalContracts,
  anchor: SetRecord,
): Promise<void> {
  other.deployment = await deployDestination(deployClient(other), {
    ...chainOptions(other, hub, contracts),
    hubChainKey: hub.chainKey,
    hubCoalition: hub.deployment.coalition,
    anchor,
  });
}

/** The example bridge: locks the hub's coin, mints on the other chain. */
export interface LocalBridge {
  /** on the hub */
  readonly lockBox: Hex;
  /** on the other chain */
  readonly mintBridge: Hex;
}

export async function deployLocalBridge(hub: LocalChain, other: LocalChain): Promise<LocalBridge> {
  const lockBox = await deployLockBox(deployClient(hub));
  const mintBridge = await deployMintBridge(deployClient(other), {
    stateReader: other.deployment.stateReader,
    sourceChainKey: hub.chainKey,
    localChainKey: other.chainKey,
    lockBox,
    minAge: 0n,
    maxAge: BigInt(PERIODS.trustingPeriod),
    name: 'Bridged Ether',
    symbol: 'bETH',
  });
  return { lockBox, mintBridge };
}
