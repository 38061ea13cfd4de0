// SPDX-License-Identifier: GPL-3.0-or-later
import type { FollowedDeployment } from '../../contracts/deploy/followed-options.ts';
import { timeToText } from '../../protocol/cometbft/timestamp.ts';
import type { ChainId } from '../../protocol/chain.ts';
import type { FollowedChainEntry } from '../../runtime/config-schema.ts';
import type { FollowedDeployFile } from '../../runtime/followed-deploy.ts';
import type { Hex } from '../../protocol/bytes.ts';

/** The entries of phalanx.yaml for chains that have just got a light client on one chain. */
export function followedEntries(
  files: readonly FollowedDeployFile[],
  chain: ChainId,
  deployed: readonly FollowedDeployment[],
): FollowedChainEntry[] {
  return files.flatMap((file) =>
    deployed
      .filter(({ chainId }) => chainId === file.chainId)
      .map(({ ledger }) => followedEntry(file, [{ chain, address: ledger }])),
  );
}

/** A followed chain's entry of phalanx.yaml. @param ledgers its `CometBftLedger`s, of any case */
export function followedEntry(
  file: FollowedDeployFile,
  ledgers: readonly { readonly chain: ChainId; readonly address: Hex }[],
): FollowedChainEntry {
  const { chainId, genesisHash, trustingPeriodSeconds, maxClockDriftSeconds, trusted, rpcs, interval } = file;
  return {
    chainId,
    genesisHash,
    trustingPeriodSeconds,
    maxClockDriftSeconds,
    trusted: { ...trusted, height: Number(trusted.height), time: timeToText(trusted.time) },
    ...(rpcs ? { rpcs } : {}),
    interval: Number(interval),
    ledgers: ledgers.map(({ chain, address }) => ({ chain, address: address.toLowerCase() })),
  };
}
