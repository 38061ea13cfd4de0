// SPDX-License-Identifier: GPL-3.0-or-later
import type { SetRecord } from '../../contracts/deploy/options.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import type { DeployFile } from '../../runtime/deploy-schema.ts';
import { connectChain } from './connect-chain.ts';
import { chainError, OperationError } from './operation-error.ts';

type DestinationFile = Extract<DeployFile, { role: 'destination' }>;

/** What a destination is anchored in. */
export interface HubAnchor {
  readonly hubChainKey: ChainKey;
  readonly anchor: SetRecord;
}

/**
 * Read from the hub the set that the options name, or the latest, and check what the contracts of the destination
 * cannot.
 * @throws OperationError
 */
export async function readAnchor({ hub, sources, trustingPeriodSeconds }: DestinationFile): Promise<HubAnchor> {
  const chain = await connectChain(hub.id, [hub.rpc]);
  const source = sources.find(({ id }) => id === hub.id);
  if (source?.genesisHash !== chain.genesisHash) {
    throw new OperationError(
      `the hub's RPC has genesis block ${chain.genesisHash}; sources say ${source?.genesisHash}`,
    );
  }
  const coalition = { address: hub.coalition, abi: hubCoalitionAbi } as const;
  const { commitment } = hub;
  const [localChainKey, periods, anchor, block] = await Promise.all([
    chain.client.readContract({ ...coalition, functionName: 'localChainKey' }),
    chain.client.readContract({ ...coalition, functionName: 'periods' }),
    commitment === undefined
      ? chain.client.readContract({ ...coalition, functionName: 'latestEpoch' })
      : chain.client.readContract({ ...coalition, functionName: 'setRecord', args: [commitment] }),
    chain.client.getBlock({ blockTag: 'latest' }),
  ]).catch((error: unknown) => {
    throw chainError(`reading the hub's Coalition ${hub.coalition}`, error);
  });
  if (localChainKey !== chain.chainKey) {
    throw new OperationError(
      `the hub's Coalition was deployed for chain key ${localChainKey}; the hub's is ${chain.chainKey}`,
    );
  }
  if (anchor.commitment === 0n) {
    throw new OperationError(
      commitment === undefined
        ? 'the hub has not sealed an epoch yet'
        : `the hub never sealed the set of hub.commitment`,
    );
  }
  if (trustingPeriodSeconds > periods.trustingPeriod) {
    throw new OperationError(
      `trustingPeriodSeconds is longer than the hub's, ${periods.trustingPeriod} s: stake could be gone while its votes still count`,
    );
  }
  if (block.timestamp > anchor.sealedAt + BigInt(trustingPeriodSeconds)) {
    throw new OperationError(
      `epoch ${anchor.epoch} was sealed longer ago than the trusting period: seal a new one on the hub first`,
    );
  }
  return { hubChainKey: chain.chainKey, anchor };
}
