// SPDX-License-Identifier: GPL-3.0-or-later
import { createWalletClient } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { DeployClient } from '../../contracts/deploy/deployer.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { chainKey, evmChainId, type ChainId, type ChainKey } from '../../protocol/chain.ts';
import { evmClient, evmTransport, type EvmClient } from '../../relayer/lib/evm-client.ts';
import { isLoopbackUrl } from '../../runtime/loopback.ts';
import type { Secret } from '../../runtime/secret.ts';
import { chainError, OperationError } from './operation-error.ts';

/** An EVM chain that answered and is the one it was named as. */
export interface ConnectedChain {
  readonly id: ChainId;
  readonly rpcs: readonly string[];
  readonly client: EvmClient;
  /** as the node gives it */
  readonly genesisHash: Hex;
  readonly chainKey: ChainKey;
}

/**
 * @param rpcs over http or https: a socket would keep the process from ending
 * @throws OperationError when the node does not answer or serves another chain
 */
export async function connectChain(id: ChainId, rpcs: readonly string[]): Promise<ConnectedChain> {
  const client = evmClient(rpcs);
  const [evmId, { hash: genesisHash }] = await Promise.all([
    client.getChainId(),
    client.getBlock({ blockNumber: 0n }),
  ]).catch((error: unknown) => {
    throw chainError(`asking the RPC of ${id} who it is`, error);
  });
  if (evmId !== evmChainId(id)) throw new OperationError(`the RPC of ${id} serves eip155:${evmId}`, { chain: id });
  return { id, rpcs, client, genesisHash, chainKey: chainKey(id, genesisHash) };
}

/** The same chain with an account that signs on this machine. */
export function walletOf({ id, rpcs }: ConnectedChain, key: Secret): DeployClient {
  return createWalletClient({
    account: privateKeyToAccount(key.reveal() as Hex),
    chain: {
      id: evmChainId(id) ?? 0,
      name: id,
      nativeCurrency: { name: 'native coin', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: rpcs } },
    },
    transport: evmTransport(rpcs),
    pollingInterval: rpcs.every(isLoopbackUrl) ? 100 : 2_000,
  });
}
