// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainId } from '../../protocol/chain.ts';
import type { ChainConfig } from '../../runtime/common-config.ts';
import { connectChain, type ConnectedChain } from './connect-chain.ts';
import { OperationError } from './operation-error.ts';

/** @throws OperationError when the configuration has no such chain */
export function configuredChain<T extends { readonly id: ChainId }>(chains: readonly T[], id: ChainId): T {
  const chain = chains.find((candidate) => candidate.id === id);
  if (!chain)
    throw new OperationError(`${id} is none of the configuration's chains: ${chains.map((c) => c.id).join(', ')}`);
  return chain;
}

/** @throws OperationError when its node does not answer, or serves another chain than is configured */
export async function connectConfigured({ id, rpcs, genesisHash }: ChainConfig): Promise<ConnectedChain> {
  const http = rpcs.filter((url) => /^https?:/.test(url));
  if (http.length === 0) throw new OperationError(`${id} has no RPC over http or https`);
  const chain = await connectChain(id, http);
  if (chain.genesisHash !== genesisHash)
    throw new OperationError(`the RPC of ${id} has another genesis block, ${chain.genesisHash}`);
  return chain;
}
