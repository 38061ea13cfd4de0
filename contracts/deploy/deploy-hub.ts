// SPDX-License-Identifier: GPL-3.0-or-later
import { Deployer, type DeployClient, type OnDeployed } from './deployer.ts';
import { coalitionArguments, deployFoundation, deployLedger } from './foundation.ts';
import { checkOptions, type Deployment, type HubOptions } from './options.ts';

/**
 * Deploy the hub: timelock, verifiers, light clients of CometBFT chains, judge, HubCoalition, ledger, reader. The
 * ledger trusts no set until the first epoch is sealed and `rotateLocal` called.
 * @throws DeployOptionsError, ArtifactError, DeploymentError
 */
export async function deployHub(
  client: DeployClient,
  options: HubOptions,
  onDeployed?: OnDeployed,
): Promise<Deployment> {
  checkOptions(options);
  const deployer = new Deployer(client, onDeployed);
  const foundation = await deployFoundation(deployer, options);
  const coalition = await deployer.deploy('HubCoalition', [
    foundation.timelock,
    foundation.verifierRegistry,
    foundation.consensusJudge,
    options.chainKey,
    ...coalitionArguments(options, foundation.timelock),
    options.epochLength,
    options.capacity,
  ]);
  const ledger = await deployLedger(deployer, options, foundation, {
    chainKey: options.chainKey,
    coalition: coalition.address,
    anchor: { commitment: 0n, epoch: 0n, sealedAt: 0n, capacity: 0 },
  });
  return {
    chainId: client.chain.id,
    chainKey: options.chainKey,
    ...foundation,
    ...ledger,
    coalition: coalition.address,
    firstBlock: deployer.firstBlock ?? 0n,
    gasUsed: deployer.gasUsed,
  };
}
