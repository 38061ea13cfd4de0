// SPDX-License-Identifier: GPL-3.0-or-later
import type { KeyArtifacts } from '../../circuits/artifacts.ts';
import { DeployOptionsError } from '../../contracts/deploy/deploy-options-error.ts';
import {
  checkOptions,
  type ChainOptions,
  type DestinationOptions,
  type HubOptions,
} from '../../contracts/deploy/options.ts';
import { chainKey } from '../../protocol/chain.ts';
import type { DeployConfig } from '../../runtime/deploy-config.ts';
import type { DeployFile } from '../../runtime/deploy-schema.ts';
import { verifierSpec } from '../verifier-spec.ts';
import { connectChain, type ConnectedChain } from './connect-chain.ts';
import { followedOptions } from './followed-options.ts';
import { installedKeys } from './installed-keys.ts';
import { OperationError } from './operation-error.ts';
import { readAnchor } from './read-anchor.ts';
import { requireLiveAnchors } from './require-live-anchors.ts';

/** Everything that a deployment consists of, before anything is sent. */
export type DeploymentPlan = {
  readonly chain: ConnectedChain;
  readonly keys: readonly KeyArtifacts[];
} & (
  | { readonly role: 'hub'; readonly options: HubOptions }
  | { readonly role: 'destination'; readonly options: DestinationOptions }
);

/** @throws OperationError, KeyError; DevelopmentKeyError in production */
export async function planDeployment(config: DeployConfig): Promise<DeploymentPlan> {
  const { options: file } = config;
  const chain = await connectChain(file.chain, [file.rpc]);
  await requireLiveAnchors(chain, file.cometbft);
  const plan = await planRole(config, chain);
  try {
    checkOptions(plan.options);
  } catch (error) {
    throw error instanceof DeployOptionsError ? new OperationError(error.message) : error;
  }
  return plan;
}

async function planRole(config: DeployConfig, chain: ConnectedChain): Promise<DeploymentPlan> {
  const { options: file } = config;
  if (file.role === 'hub') {
    const keys = await installedKeys(config, file.capacity);
    const options = {
      ...chainOptions(file, chain, keys),
      epochLength: file.epochLengthSeconds,
      capacity: file.capacity,
    };
    return { role: 'hub', chain, keys, options };
  }
  const { hubChainKey, anchor } = await readAnchor(file);
  const keys = await installedKeys(config, anchor.capacity);
  const options = { ...chainOptions(file, chain, keys), hubChainKey, hubCoalition: file.hub.coalition, anchor };
  return { role: 'destination', chain, keys, options };
}

function chainOptions(file: DeployFile, chain: ConnectedChain, keys: readonly KeyArtifacts[]): ChainOptions {
  return {
    chainKey: chain.chainKey,
    proposer: file.proposer,
    guardian: file.guardian,
    ...(file.treasury === undefined ? {} : { treasury: file.treasury }),
    timelockDelay: file.timelockDelaySeconds,
    trustingPeriod: file.trustingPeriodSeconds,
    evidenceWindow: file.evidenceWindowSeconds,
    unbondingDelay: file.unbondingDelaySeconds,
    share: file.share,
    maxDrift: file.maxDriftSeconds,
    freezeDuration: file.freezeDurationSeconds,
    freezeCooldown: file.freezeCooldownSeconds,
    minStakeGwei: file.minStakeGwei,
    penaltyBps: file.penaltyBps,
    sources: file.sources.map(({ id, genesisHash, interval }) => ({ chainKey: chainKey(id, genesisHash), interval })),
    verifiers: keys.map(verifierSpec),
    followed: file.cometbft.map(followedOptions),
  };
}
