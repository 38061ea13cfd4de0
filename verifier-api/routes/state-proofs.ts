// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { rotation } from '../chains/rotation.ts';
import { readState } from '../chains/state-read.ts';
import { jsonRoute, type Route } from '../http/route.ts';
import { rotationSchema, stateReadSchema } from '../schemas/chain.ts';
import { address, bytes32, chainId, u64 } from '../schemas/primitives.ts';
import type { Services } from '../services.ts';

/** A read may be a day old unless the caller says otherwise. */
const DEFAULT_MAX_AGE_SECONDS = 86_400n;

export function stateProofRoutes({ chains, attestations, sets, evidenceSets }: Services): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/v1/chains/:id/proof',
      tag: 'Bridges',
      summary: "Everything a contract on another chain needs to read this chain's state",
      description:
        'Checkpoint, account and storage proof, the calldata for `StateReader`, and what that call returns just now. ' +
        'Nothing here needs to be believed: the contract checks all of it again.',
      params: z.strictObject({ id: chainId }),
      query: z.strictObject({
        chain: chainId.describe('The chain to read from.'),
        account: address,
        slot: bytes32.optional().describe('A storage slot; left out, the account itself is read.'),
        height: u64.optional().describe('A checkpoint that the destination holds; default: its latest.'),
        minAge: u64.optional().describe('Seconds since the destination accepted the checkpoint, at least; default 0.'),
        maxAge: u64.optional().describe("Seconds since the source block's timestamp, at most; default a day."),
      }),
      reply: stateReadSchema,
      statuses: { 200: 'Proofs and calldata.' },
      problems: ['CHAIN_UNKNOWN', 'NOT_DELIVERABLE', 'STATE_MISMATCH', 'RPC_UNAVAILABLE'],
      handler: async ({ params: { id }, query }) => {
        const source = chains.inPath(id);
        const destination = chains.get(query.chain);
        const { account, slot, height, minAge = 0n, maxAge = DEFAULT_MAX_AGE_SECONDS } = query;
        const read = await readState(attestations, { source, destination, account, slot, height, minAge, maxAge });
        const { checkpoint, acceptedAt, accountProof, storageProof, outcome, call } = read;
        return {
          status: 200,
          body: {
            source: source.config.id,
            destination: destination.config.id,
            checkpoint,
            acceptedAt,
            account,
            slot: slot ?? null,
            accountProof: [...accountProof],
            storageProof: [...storageProof],
            outcome,
            call: { ...call, chain: destination.config.id, value: '0' as const, sender: null },
          },
        };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/rotations',
      tag: 'Bridges',
      summary: 'Whether a ledger can be shown a newer validator set now, and the transaction for it',
      description: 'Or a past set that it never saw and that evidence names (`learnSet`).',
      query: z.strictObject({ chain: chainId.describe('The chain of the ledger.') }),
      reply: rotationSchema,
      statuses: { 200: 'Due or not.' },
      problems: ['CHAIN_UNKNOWN', 'RPC_UNAVAILABLE'],
      handler: async ({ query }) => {
        const chain = chains.get(query.chain);
        const result = await rotation({ chains, sets, attestations, evidenceSets }, chain);
        const { next } = result;
        return {
          status: 200,
          body: {
            chain: chain.config.id,
            due: result.due,
            reason: result.due ? null : result.reason,
            next: next ? { commitment: next.commitment, epoch: next.set.epoch } : null,
            call: result.due ? { ...result.call, chain: chain.config.id, value: '0' as const, sender: null } : null,
          },
        };
      },
    }),
  ];
}
