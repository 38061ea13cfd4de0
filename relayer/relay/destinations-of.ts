// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { parseGwei } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainConfig } from '../../runtime/common-config.ts';
import type { RelayerConfig } from '../../runtime/config.ts';
import type { Logger } from '../../runtime/log.ts';
import { EvmDestination } from '../destinations/evm-destination.ts';

/** The configured chains that this relayer writes to. */
export function destinationChains({ chains, relayer }: Pick<RelayerConfig, 'chains' | 'relayer'>): ChainConfig[] {
  return chains.filter(({ id }) => relayer.destinations?.includes(id) ?? true);
}

/** One destination, written to from the configured account. */
export function destinationOf(chain: ChainConfig, config: RelayerConfig, redis: Redis, log: Logger): EvmDestination {
  const { id, genesisHash, rpcs, contracts, confirmations } = chain;
  const { stuckAfterMs, maxFeeGwei } = config.relayer;
  const options = {
    id,
    genesisHash,
    rpcs,
    contracts,
    followed: config.cometbft.flatMap(({ chainId, chainKey, ledgers }) =>
      ledgers.filter(({ chain: on }) => on === id).map(({ address }) => ({ chainId, chainKey, address })),
    ),
    confirmations,
    stuckAfterMs,
    isHub: id === config.coalition.hub,
    mode: config.mode,
    maxFeePerGas: parseGwei(maxFeeGwei.toFixed(9)),
  };
  // The loader has checked its form.
  return new EvmDestination(options, privateKeyToAccount(config.key.reveal() as Hex), redis, log);
}
