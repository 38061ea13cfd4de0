// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';
import { Problem } from '../http/problem.ts';
import { jsonRoute, type Route } from '../http/route.ts';
import { headerUpdatePageSchema, headerUpdateRequestSchema, headerUpdateSchema } from '../schemas/header-update.ts';
import { pageQuery } from '../schemas/page.ts';
import { bytes32, chainId } from '../schemas/primitives.ts';
import { callSchema } from '../schemas/statement.ts';
import type { Services } from '../services.ts';
import { bundleView } from '../statements/bundle-view.ts';
import { firstOnPath, headerUpdateCall } from '../statements/header-update-call.ts';
import type { StoredHeaderUpdate } from '../store/header-update-store.ts';

const params = z.strictObject({ id: bytes32 });
const TAG = 'CometBFT';
const BYTES_PER_SIGNER = 14;

export function headerUpdateRoutes(services: Services): Route[] {
  const { followed, headerUpdates, headerUpdateStore: updates, headerSettler } = services;
  const find = async (id: Hex): Promise<StoredHeaderUpdate> => {
    const update = await updates.get(id);
    if (!update) throw new Problem('NOT_FOUND', `no header update ${id}`);
    return update;
  };
  const view = async (update: StoredHeaderUpdate): Promise<z.output<typeof headerUpdateSchema>> => {
    const { id, chain, blockHash, trusted, header, contradicts } = update;
    return {
      id,
      chain,
      height: header.header.height,
      blockHash,
      trustedHeight: trusted.height,
      contradicts,
      signers: (header.signers.length - 2) / 2 / BYTES_PER_SIGNER,
      ...bundleView(update, await headerSettler.shards(update), followed.destinations(chain)),
    };
  };
  return [
    jsonRoute({
      method: 'post',
      path: '/v1/cometbft/:chain/updates',
      tag: TAG,
      summary: 'Have a header of a followed chain proved',
      description:
        'The header is checked by the rules of the light client before anything is proved, and the fewest signatures ' +
        'that satisfy them are chosen and sharded over the provers. Asking again is harmless; one that failed, or was ' +
        'proved under a key since replaced, begins anew.',
      params: z.strictObject({ chain: chainId }),
      body: headerUpdateRequestSchema,
      reply: headerUpdateSchema,
      statuses: { 202: 'Accepted: it survives any crash. `Location` is its resource.' },
      replyHeaders: { Location: "The update's path." },
      problems: ['CIRCUIT_WITHOUT_KEY', 'HEADER_REFUSED'],
      handler: async ({ params: { chain }, body }) => {
        const id = await headerUpdates.submit(followed.inPath(chain), body);
        const headers = { Location: `/v1/cometbft/updates/${id}` };
        return { status: 202, body: await view(await find(id)), headers };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/cometbft/updates',
      tag: TAG,
      summary: 'Proved headers, in the order in which they were proved',
      query: z.strictObject(pageQuery),
      reply: headerUpdatePageSchema,
      statuses: { 200: 'A page.' },
      handler: async ({ query: { after, limit } }) => {
        const found = await updates.proved(after, limit);
        const body = { updates: await Promise.all(found.map(view)), after: found.at(-1)?.sequence ?? after };
        return { status: 200, body };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/cometbft/updates/:id',
      tag: TAG,
      summary: 'A header on its way to ledgers',
      params,
      reply: headerUpdateSchema,
      statuses: { 200: 'The update.' },
      handler: async ({ params: { id } }) => ({ status: 200, body: await view(await find(id)) }),
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/cometbft/updates/:id/calldata',
      tag: TAG,
      summary: '`update` for the ledger on a chain',
      description: 'As the ledger stands now: what it holds next to the header is part of the call.',
      params,
      query: z.strictObject({
        chain: chainId,
        path: z
          .literal('true', 'true, or nothing')
          .optional()
          .describe(
            'Where the ledger lacks what the header is believed by: the first header on the way to it instead.',
          ),
      }),
      reply: callSchema,
      statuses: { 200: 'The transaction.' },
      problems: ['CHAIN_UNKNOWN', 'NOT_DELIVERABLE', 'NOT_PROVED', 'RPC_UNAVAILABLE', 'TRUSTED_STATE_NOT_HELD'],
      handler: async ({ params: { id }, query: { chain, path } }) => {
        const asked = await find(id);
        const ledger = followed.ledger(asked.chain, chain);
        const update = path ? await firstOnPath(asked, ledger, services.consensusStates, updates) : asked;
        const proofs = await updates.proofs(update.id);
        if (!proofs) throw new Problem('NOT_PROVED', `the header update is ${update.state}`);
        const call = await headerUpdateCall(update, proofs, ledger);
        return { status: 200, body: { ...call, chain, value: '0' as const, sender: null } };
      },
    }),
  ];
}
