// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeSolidityVerifiers } from '../../circuits/artifacts.ts';
import { buildContracts } from '../../contracts/deploy/build.ts';
import { deployDestination } from '../../contracts/deploy/deploy-destination.ts';
import { deployHub } from '../../contracts/deploy/deploy-hub.ts';
import type { OnDeployed } from '../../contracts/deploy/deployer.ts';
import type { Deployment } from '../../contracts/deploy/options.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainFileEntry } from '../../runtime/config-schema.ts';
import type { DeployFile } from '../../runtime/deploy-schema.ts';
import type { Secret } from '../../runtime/secret.ts';
import { ROOT } from '../options.ts';
import { walletOf } from './connect-chain.ts';
import { followedEntries } from './followed-entry.ts';
import { chainError } from './operation-error.ts';
import type { DeploymentPlan } from './plan-deployment.ts';

/**
 * Compile the contracts with the plan's verifiers and send them.
 * @throws OperationError, ContractBuildError; what `onDeployed` was told of lies on the chain then, and is of no use
 */
export async function deploy(plan: DeploymentPlan, key: Secret, onDeployed: OnDeployed): Promise<Deployment> {
  await writeSolidityVerifiers(plan.keys, join(ROOT, 'contracts', 'generated'));
  await buildContracts();
  const wallet = walletOf(plan.chain, key);
  try {
    return plan.role === 'hub'
      ? await deployHub(wallet, plan.options, onDeployed)
      : await deployDestination(wallet, plan.options, onDeployed);
  } catch (error) {
    throw chainError(`deploying on ${plan.chain.id}`, error);
  }
}

/** What phalanx.yaml says of the chain, and of the chains that are followed there, as YAML. */
export function configEntries({ chain }: DeploymentPlan, file: DeployFile, deployment: Deployment): string {
  const lower = (address: Hex): Hex => address.toLowerCase() as Hex;
  const entry: ChainFileEntry = {
    id: chain.id,
    genesisHash: chain.genesisHash,
    rpcs: [...chain.rpcs],
    interval: file.interval,
    fromBlock: Number(deployment.firstBlock),
    contracts: {
      ledger: lower(deployment.ledger),
      stateReader: lower(deployment.stateReader),
      coalition: lower(deployment.coalition),
    },
  };
  const cometbft = followedEntries(file.cometbft, chain.id, deployment.followed);
  return stringify({ chains: [entry], ...(cometbft.length > 0 ? { cometbft } : {}) });
}
