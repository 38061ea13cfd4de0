// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';
import { Problem } from '../http/problem.ts';
import { jsonRoute, type Route } from '../http/route.ts';
import { duplicateVotePageSchema, duplicateVoteRequestSchema, duplicateVoteSchema } from '../schemas/duplicate-vote.ts';
import { pageQuery } from '../schemas/page.ts';
import { bytes32, chainId } from '../schemas/primitives.ts';
import { callSchema } from '../schemas/statement.ts';
import type { Services } from '../services.ts';
import { bundleView } from '../statements/bundle-view.ts';
import { duplicateVoteCall } from '../statements/duplicate-vote-call.ts';
import { duplicateVoteView } from '../statements/duplicate-vote-view.ts';
import type { StoredDuplicateVote } from '../store/duplicate-vote-store.ts';

const params = z.strictObject({ id: bytes32 });
const TAG = 'CometBFT';

export function duplicateVoteRoutes(services: Services): Route[] {
  const { chains, followed, consensusStates, duplicateVotes, duplicateVoteStore: offences } = services;
  const find = async (id: Hex): Promise<StoredDuplicateVote> => {
    const offence = await offences.get(id);
    if (!offence) throw new Problem('NOT_FOUND', `no duplicate vote ${id}`);
    return offence;
  };
  const view = async (offence: StoredDuplicateVote): Promise<z.output<typeof duplicateVoteSchema>> => {
    const { chain, evidence } = offence;
    const accepted = await consensusStates.accepted(chain, evidence.header.height);
    const shards = await services.duplicateVoteSettler.shards(offence);
    return {
      ...duplicateVoteView(offence),
      headerUpdate: accepted?.update ?? null,
      ...bundleView(offence, shards, followed.destinations(chain)),
    };
  };
  return [
    jsonRoute({
      method: 'post',
      path: '/v1/cometbft/:chain/duplicate-votes',
      tag: TAG,
      summary: 'Report a validator that voted twice',
      description:
        "Anyone may. The votes are checked by CometBFT's rules against the validators of their height, whose header " +
        'must have been accepted. One offence of a key stands while it is open and once it is proved, and is the answer ' +
        'to all others; an hour after it was proved one of a greater height may take its place. One that failed, or ' +
        'was proved under a key since replaced, begins anew.',
      params: z.strictObject({ chain: chainId }),
      body: duplicateVoteRequestSchema,
      reply: duplicateVoteSchema,
      statuses: { 202: 'Accepted, or known already: it survives any crash. `Location` is its resource.' },
      replyHeaders: { Location: "The offence's path." },
      problems: ['CIRCUIT_WITHOUT_KEY', 'EVIDENCE_REFUSED', 'HEADER_NOT_ACCEPTED'],
      handler: async ({ params: { chain }, body }) => {
        const { id, recorded } = await duplicateVotes.submit(followed.inPath(chain), body);
        if (recorded) services.metrics.duplicateVotes.inc({ chain });
        const headers = { Location: `/v1/cometbft/duplicate-votes/${id}` };
        return { status: 202, body: await view(await find(id)), headers };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/cometbft/duplicate-votes',
      tag: TAG,
      summary: 'Proved duplicate votes, in the order in which they were proved',
      query: z.strictObject(pageQuery),
      reply: duplicateVotePageSchema,
      statuses: { 200: 'A page.' },
      handler: async ({ query: { after, limit } }) => {
        const found = await offences.proved(after, limit);
        const body = { duplicateVotes: await Promise.all(found.map(view)), after: found.at(-1)?.sequence ?? after };
        return { status: 200, body };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/cometbft/duplicate-votes/:id',
      tag: TAG,
      summary: 'A duplicate vote on its way to Coalitions',
      params,
      reply: duplicateVoteSchema,
      statuses: { 200: 'The offence.' },
      handler: async ({ params: { id } }) => ({ status: 200, body: await view(await find(id)) }),
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/cometbft/duplicate-votes/:id/calldata',
      tag: TAG,
      summary: "`slashDuplicateVote` for a chain's Coalition",
      description: 'It has an effect where the key is bound to an operator and the ledger holds the header.',
      params,
      query: z.strictObject({ chain: chainId }),
      reply: callSchema,
      statuses: { 200: 'The transaction.' },
      problems: ['CHAIN_UNKNOWN', 'NOT_DELIVERABLE', 'NOT_PROVED'],
      handler: async ({ params: { id }, query: { chain } }) => {
        const offence = await find(id);
        const { config } = chains.get(chain);
        const source = followed.find(offence.chain);
        if (!source || !followed.destinations(offence.chain).includes(chain)) {
          throw new Problem('NOT_DELIVERABLE', `no ledger on ${chain} follows ${offence.chain}`);
        }
        const [proof] = (await offences.proofs(id)) ?? [];
        if (!proof) throw new Problem('NOT_PROVED', `the duplicate vote is ${offence.state}`);
        const call = duplicateVoteCall(offence, proof, source, config.contracts.coalition);
        return { status: 200, body: { ...call, chain, value: '0' as const, sender: null } };
      },
    }),
  ];
}
