// SPDX-License-Identifier: GPL-3.0-or-later
import { zeroAddress, type Address } from 'viem';
import { deployFollowed, judgedChain } from './deploy-followed.ts';
import type { Deployer } from './deployer.ts';
import { kindId } from './kind-id.ts';
import type { ChainOptions, Deployment, SetRecord } from './options.ts';

/** What comes first on every chain. */
export interface Foundation {
  readonly timelock: Address;
  readonly verifierRegistry: Address;
  readonly consensusJudge: Address;
  readonly followed: Deployment['followed'];
  readonly verifiers: Deployment['verifiers'];
}

/**
 * Timelock, verifiers, their registry, the light clients of CometBFT chains and the judge of consensus keys that knows
 * those chains; all the timelock's from the start.
 */
export async function deployFoundation(deployer: Deployer, options: ChainOptions): Promise<Foundation> {
  const timelock = await deployer.deploy('TimelockController', [
    BigInt(options.timelockDelay),
    [options.proposer],
    [zeroAddress], // anyone executes what the delay has let through
    zeroAddress, // no administrator beside the timelock itself
  ]);
  const verifiers: Deployment['verifiers'][number][] = [];
  for (const { contract, keyHash, batchKey } of options.verifiers) {
    const { address } = await deployer.deploy(contract, batchKey ? [batchKey] : []);
    verifiers.push({ contract, keyHash, address });
  }
  const registry = await deployer.deploy('VerifierRegistry', [
    timelock.address,
    options.verifiers.map(({ keyHash, kind, capacity, signalCount }, i) => ({
      keyHash,
      kind: kindId(kind),
      capacity,
      signalCount,
      verifier: verifiers[i]?.address,
    })),
  ]);
  const shared = { ...options, timelock: timelock.address, verifierRegistry: registry.address };
  const followed: Deployment['followed'][number][] = [];
  const judged: object[] = [];
  for (const chain of options.followed ?? []) {
    const deployed = await deployFollowed(deployer, shared, chain);
    followed.push(deployed);
    judged.push({ chainKey: chain.chainKey, chain: judgedChain(chain, deployed.ledger) });
  }
  const judge = await deployer.deploy('CometBftJudge', [timelock.address, registry.address, judged]);
  return {
    timelock: timelock.address,
    verifierRegistry: registry.address,
    consensusJudge: judge.address,
    followed,
    verifiers,
  };
}

/** The ledger and the reader in front of it. */
export async function deployLedger(
  deployer: Deployer,
  options: ChainOptions,
  foundation: Pick<Foundation, 'timelock' | 'verifierRegistry'>,
  hub: { readonly chainKey: string; readonly coalition: Address; readonly anchor: SetRecord },
): Promise<{ readonly ledger: Address; readonly stateReader: Address }> {
  const ledger = await deployer.deploy('CheckpointLedger', [
    {
      owner: foundation.timelock,
      guardian: options.guardian,
      verifiers: foundation.verifierRegistry,
      hubChainKey: hub.chainKey,
      localChainKey: options.chainKey,
      hubCoalition: hub.coalition,
      unbondingDelay: options.unbondingDelay,
      policy: {
        share: options.share,
        trustingPeriod: options.trustingPeriod,
        evidenceWindow: options.evidenceWindow,
        maxDrift: options.maxDrift,
        freezeDuration: options.freezeDuration,
        freezeCooldown: options.freezeCooldown,
      },
      anchor: hub.anchor,
      sources: options.sources,
    },
  ]);
  const reader = await deployer.deploy('StateReader', [ledger.address]);
  return { ledger: ledger.address, stateReader: reader.address };
}

/** The two structs every Coalition is made with. */
export function coalitionArguments(options: ChainOptions, timelock: Address): readonly [object, object] {
  return [
    {
      trustingPeriod: options.trustingPeriod,
      evidenceWindow: options.evidenceWindow,
      unbondingDelay: options.unbondingDelay,
    },
    {
      minStakeGwei: options.minStakeGwei,
      penaltyBps: options.penaltyBps,
      treasury: options.treasury ?? timelock,
    },
  ];
}
