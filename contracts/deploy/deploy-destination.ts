// SPDX-License-Identifier: GPL-3.0-or-later
import { Deployer, type DeployClient, type OnDeployed } from './deployer.ts';
import { coalitionArguments, deployFoundation, deployLedger } from './foundation.ts';
import { checkOptions, type Deployment, type DestinationOptions } from './options.ts';

/**
 * Deploy a chain other than the hub: timelock, verifiers, light clients of CometBFT chains, judge, ledger that trusts
 * the anchor, reader, and a Coalition for collateral there.
 * @throws DeployOptionsError, ArtifactError, DeploymentError
 */
export async function deployDestination(
  client: DeployClient,
  options: DestinationOptions,
  onDeployed?: OnDeployed,
): Promise<Deployment> {
  checkOptions(options);
  const deployer = new Deployer(client, onDeployed);
  const foundation = await deployFoundation(deployer, options);
  const ledger = await deployLedger(deployer, options, foundation, {
    chainKey: options.hubChainKey,
    coalition: options.hubCoalition,
    anchor: options.anchor,
  });
  const coalition = await deployer.deploy('Coalition', [
    foundation.timelock,
    foundation.verifierRegistry,
    foundation.consensusJudge,
    ledger.ledger,
    ...coalitionArguments(options, foundation.timelock),
  ]);
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
