// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';
import { Problem } from '../http/problem.ts';
import { jsonRoute, type Route } from '../http/route.ts';
import type { QuorumConflict } from '../intake/quorum-conflict-intake.ts';
import { pageQuery } from '../schemas/page.ts';
import { bytes32, chainId } from '../schemas/primitives.ts';
import {
  quorumConflictListSchema,
  quorumConflictRequestSchema,
  quorumConflictSchema,
} from '../schemas/quorum-conflict.ts';
import { callSchema } from '../schemas/statement.ts';
import type { Services } from '../services.ts';

const params = z.strictObject({ id: bytes32 });

export function quorumConflictRoutes({ quorumConflicts, chains, metrics, log }: Services): Route[] {
  const find = async (id: Hex): Promise<QuorumConflict> => {
    const conflict = await quorumConflicts.get(id);
    if (!conflict) throw new Problem('NOT_FOUND', `no conflict ${id}`);
    return conflict;
  };
  return [
    jsonRoute({
      method: 'post',
      path: '/v1/quorum-conflicts',
      tag: 'Quorum conflicts',
      summary: 'Report two quorums that contradict each other',
      description:
        'Anyone may, also when the proofs were made in secret. The public signals are recomputed from the attestations ' +
        'and both proofs are verified. The two together slash every key that signed both.',
      body: quorumConflictRequestSchema,
      reply: quorumConflictSchema,
      statuses: { 202: 'Recorded, or known already. `Location` is its resource.' },
      replyHeaders: { Location: "The conflict's path." },
      problems: [
        'KEY_UNKNOWN',
        'NO_CONFLICT',
        'PROOF_FOR_ANOTHER_CIRCUIT',
        'PROOF_INVALID',
        'SET_UNKNOWN',
        'SOURCE_NOT_BELOW_TARGET',
      ],
      handler: async ({ body }) => {
        const { id, recorded } = await quorumConflicts.submit(body.first, body.second);
        if (recorded) {
          metrics.criticalError.set({ reason: 'quorum_conflict' }, 1);
          log.fatal({ conflict: id }, 'two quorums contradict each other');
        }
        return { status: 202, body: conflictView(await find(id)), headers: { Location: `/v1/quorum-conflicts/${id}` } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/quorum-conflicts',
      tag: 'Quorum conflicts',
      summary: 'Conflicting quorums, in the order in which they came',
      query: z.strictObject(pageQuery),
      reply: quorumConflictListSchema,
      statuses: { 200: 'A page.' },
      handler: async ({ query: { after, limit } }) => {
        const conflicts = (await quorumConflicts.list(after, limit)).map(conflictView);
        return { status: 200, body: { conflicts, after: conflicts.at(-1)?.sequence ?? after } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/quorum-conflicts/:id',
      tag: 'Quorum conflicts',
      summary: 'Two conflicting quorums',
      params,
      reply: quorumConflictSchema,
      statuses: { 200: 'The conflict.' },
      handler: async ({ params: { id } }) => ({ status: 200, body: conflictView(await find(id)) }),
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/quorum-conflicts/:id/calldata',
      tag: 'Quorum conflicts',
      summary: "`slashQuorums` for a chain's Coalition",
      params,
      query: z.strictObject({ chain: chainId }),
      reply: callSchema,
      statuses: { 200: 'The transaction.' },
      problems: ['CHAIN_UNKNOWN'],
      handler: async ({ params: { id }, query }) => {
        const chain = chains.get(query.chain);
        const call = await quorumConflicts.call(await find(id), chain);
        return { status: 200, body: { ...call, chain: chain.config.id, value: '0' as const, sender: null } };
      },
    }),
  ];
}

function conflictView({
  id,
  sequence,
  conflict,
  first,
  second,
  keys,
}: QuorumConflict): z.output<typeof quorumConflictSchema> {
  return { id, sequence, conflict, first, second, keys: keys.map(({ x, y }) => ({ x, y })) };
}
