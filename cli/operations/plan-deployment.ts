// SPDX-License-Identifier: GPL-3.0-or-later
import { assertUsableKey, loadArtifacts, type KeyArtifacts } from '../../circuits/artifacts.ts';
import type { ChainOptions, DestinationOptions, HubOptions } from '../../contracts/deploy/options.ts';
import { chainKey } from '../../protocol/chain.ts';
import type { DeployConfig } from '../../runtime/deploy-config.ts';
import type { DeployFile } from '../../runtime/deploy-schema.ts';
import { verifierSpec } from '../verifier-spec.ts';
import { connectChain, type ConnectedChain } from './connect-chain.ts';
import { OperationError } from './operation-error.ts';
import { readAnchor } from './read-anchor.ts';

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

/** @param capacity of the set whose quorums the ledger will take first */
async function installedKeys({ options, mode, home }: DeployConfig, capacity: number): Promise<KeyArtifacts[]> {
  const needed = [`quorum-${capacity}`, 'equivocation', 'registration'];
  const circuits = options.circuits ?? needed;
  const missing = needed.filter((circuit) => !circuits.includes(circuit));
  if (missing.length > 0)
    throw new OperationError(`circuits lacks ${missing.join(', ')}, without which the contracts cannot work`);
  return Promise.all(
    [...new Set(circuits)].map(async (circuit) => {
      const key = await loadArtifacts(circuit, { home });
      assertUsableKey(key.manifest, mode);
      return key;
    }),
  );
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
  };
}
