// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { Problem } from '../http/problem.ts';
import { jsonRoute, type Route } from '../http/route.ts';
import { acceptedHeaderSchema, followedChainListSchema, followedChainSchema } from '../schemas/followed-chain.ts';
import { chainId, u64 } from '../schemas/primitives.ts';
import type { Services } from '../services.ts';
import type { FollowedChain } from '../../runtime/followed-chain.ts';

const TAG = 'CometBFT';
const params = z.strictObject({ chain: chainId });

export function followedChainRoutes({ followed, consensusStates }: Services): Route[] {
  type AcceptedHeader = z.output<typeof acceptedHeaderSchema>;
  const latest = async (chain: FollowedChain, below?: bigint): Promise<AcceptedHeader | undefined> => {
    const found = await consensusStates.latest(chain, below);
    if (!found) return undefined;
    const { timeNs: time, blockHash, appHash, nextValidatorsHash } = found.state;
    const update = (await consensusStates.accepted(chain.id, found.height))?.update ?? null;
    return { height: found.height, time, blockHash, appHash, nextValidatorsHash, update };
  };
  const view = async (chain: FollowedChain): Promise<z.output<typeof followedChainSchema>> => {
    const { id, chainId: name, chainKey, trustingPeriodSeconds, ledgers } = chain;
    const trusted = { ...chain.trusted, update: null };
    return {
      chain: id,
      chainId: name,
      chainKey,
      trustingPeriodSeconds,
      trusted,
      latest: (await latest(chain)) ?? trusted,
      destinations: ledgers.map((ledger) => ({ chain: ledger.chain, ledger: ledger.address })),
    };
  };
  return [
    jsonRoute({
      method: 'get',
      path: '/v1/cometbft',
      tag: TAG,
      summary: 'The CometBFT chains that are followed',
      reply: followedChainListSchema,
      statuses: { 200: 'All of them.' },
      handler: async () => ({ status: 200, body: { chains: await Promise.all(followed.all.map(view)) } }),
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/cometbft/:chain',
      tag: TAG,
      summary: 'A followed chain, and how far its headers are accepted',
      params,
      reply: followedChainSchema,
      statuses: { 200: 'The chain.' },
      handler: async ({ params: { chain } }) => ({ status: 200, body: await view(followed.inPath(chain)) }),
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/cometbft/:chain/headers/latest',
      tag: TAG,
      summary: 'The accepted header of the greatest height, or of the greatest below one',
      description: 'Those long past the trusting period are forgotten, but for the trusted start.',
      params,
      query: z.strictObject({ below: u64.optional().describe('Only heights below this one.') }),
      reply: acceptedHeaderSchema,
      statuses: { 200: 'The header.' },
      handler: async ({ params: { chain }, query: { below } }) => {
        const body = await latest(followed.inPath(chain), below);
        if (!body) throw new Problem('NOT_FOUND', `no header of ${chain} below ${below} is accepted`);
        return { status: 200, body };
      },
    }),
  ];
}
