// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainFileEntry, ConfigFileInput, FollowedChainEntry } from '../../runtime/config-schema.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { FollowedDeployFile } from '../../runtime/followed-deploy.ts';
import { followedEntry } from '../operations/followed-entry.ts';
import { PERIODS } from './deploy-local.ts';
import type { LocalChain } from './local-chain.ts';

export interface LocalConfigParts {
  readonly redisUrl: string;
  readonly apiPort: number;
  readonly hub: LocalChain;
  readonly other: LocalChain;
  /** heights between two checkpoints */
  readonly interval: number;
  /** CometBFT chains with a light client on both; none if left out */
  readonly followed?: readonly FollowedDeployFile[];
  /** beside the configuration */
  readonly relayerKeyFile: string;
}

/** The configuration of every role of the local system but the attesters, who have a file each. */
export function localConfig(parts: LocalConfigParts): ConfigFileInput & { readonly chains: ChainFileEntry[] } {
  const { redisUrl, relayerKeyFile, hub, other, followed = [] } = parts;
  return {
    mode: 'development',
    redis: { url: redisUrl },
    ...sharedParts(parts),
    cometbft: followed.map((file) => followedSection(file, [hub, other])),
    worker: { concurrency: 1 },
    relayer: { keyFile: relayerKeyFile, pollMs: 500 },
    watcher: { pollMs: 1_000 },
    follower: { pollMs: 500 },
  };
}

type SharedParts = Pick<LocalConfigParts, 'apiPort' | 'hub' | 'other' | 'interval'>;

/** One attester's: its key and its slashing-protection record, and no way to Redis. */
export function attesterConfig(parts: SharedParts, keyFile: string, recordFile: string): ConfigFileInput {
  return { mode: 'development', ...sharedParts(parts), attester: { keyFile, recordFile, pollMs: 1_000 } };
}

function sharedParts({ apiPort, hub, other, interval }: SharedParts) {
  return {
    coalition: {
      hub: hub.id,
      trustingPeriodSeconds: PERIODS.trustingPeriod,
      evidenceWindowSeconds: PERIODS.evidenceWindow,
    },
    chains: [chainSection(hub, interval), chainSection(other, interval)],
    api: { host: '127.0.0.1', port: apiPort, urls: [`http://127.0.0.1:${apiPort}`] },
  } satisfies Partial<ConfigFileInput>;
}

function followedSection(file: FollowedDeployFile, chains: readonly LocalChain[]): FollowedChainEntry {
  const ledgers = chains.flatMap(({ id: chain, deployment }) =>
    deployment.followed
      .filter(({ chainId }) => chainId === file.chainId)
      .map(({ ledger }) => ({ chain, address: ledger })),
  );
  return followedEntry(file, ledgers);
}

function chainSection({ id, genesisHash, url, deployment }: LocalChain, interval: number): ChainFileEntry {
  const lower = (address: Hex): Hex => address.toLowerCase() as Hex;
  return {
    id,
    genesisHash,
    rpcs: [url],
    finality: 'finalized',
    interval,
    confirmations: 1,
    pollMs: 500,
    fromBlock: Number(deployment.firstBlock),
    contracts: {
      ledger: lower(deployment.ledger),
      stateReader: lower(deployment.stateReader),
      coalition: lower(deployment.coalition),
    },
  };
}
