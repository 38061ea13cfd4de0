// SPDX-License-Identifier: GPL-3.0-or-later
import { keccak256, slice, stringToBytes, zeroAddress, type Address } from 'viem';
import type { Deployer } from './deployer.ts';
import type { ChainOptions, Deployment, SetRecord } from './options.ts';

/** What comes first on every chain. */
export interface Foundation {
  readonly timelock: Address;
  readonly verifierRegistry: Address;
  readonly consensusJudge: Address;
  readonly verifiers: Deployment['verifiers'];
}

/** Timelock, generated verifiers, their registry and the judge of consensus keys, both the timelock's from the start. */
export async function deployFoundation(deployer: Deployer, options: ChainOptions): Promise<Foundation> {
  const timelock = await deployer.deploy('TimelockController', [
    BigInt(options.timelockDelay),
    [options.proposer],
    [zeroAddress], // anyone executes what the delay has let through
    zeroAddress, // no administrator beside the timelock itself
  ]);
  const verifiers: Deployment['verifiers'][number][] = [];
  for (const { contract, keyHash } of options.verifiers) {
    verifiers.push({ contract, keyHash, address: (await deployer.deploy(contract)).address });
  }
  const registry = await deployer.deploy('VerifierRegistry', [
    timelock.address,
    options.verifiers.map(({ keyHash, kind, capacity, signalCount }, i) => ({
      keyHash,
      kind: slice(keccak256(stringToBytes(kind)), 0, 4),
      capacity,
      signalCount,
      verifier: verifiers[i]?.address,
    })),
  ]);
  // Knows no chain yet: a chain needs its ledger, and the timelock names that.
  const judge = await deployer.deploy('CometBftJudge', [timelock.address, registry.address, []]);
  return {
    timelock: timelock.address,
    verifierRegistry: registry.address,
    consensusJudge: judge.address,
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
