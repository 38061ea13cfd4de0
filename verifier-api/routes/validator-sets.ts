// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { setCommitment, validatorSet } from '../../protocol/validator-set.ts';
import { epochDigest, epochSlot } from '../../protocol/epoch-digest.ts';
import { Problem } from '../http/problem.ts';
import { jsonRoute, type Route } from '../http/route.ts';
import { fr } from '../schemas/primitives.ts';
import { publishedSetSchema, validatorSetListSchema, validatorSetSchema } from '../schemas/validator-set.ts';
import type { Services } from '../services.ts';
import { sealedSet, type SealedSet } from '../store/set-store.ts';

export function validatorSetRoutes({ sets, chains }: Services): Route[] {
  return [
    jsonRoute({
      method: 'post',
      path: '/v1/validator-sets',
      tag: 'Validator sets',
      summary: 'Publish a set that the hub has sealed',
      description:
        "Anyone may: the commitment is recomputed, and the hub's own storage must show it at a finalised block.",
      body: publishedSetSchema,
      reply: validatorSetSchema,
      statuses: { 201: 'Published.', 200: 'Known already; nothing changed.' },
      problems: ['SET_NOT_SEALED', 'RPC_UNAVAILABLE'],
      handler: async ({ body }) => {
        const set = validatorSet(
          body.epoch,
          body.capacity,
          body.slots.map((slot) => slot ?? undefined),
        );
        const commitment = setCommitment(set);
        if (body.commitment !== undefined && body.commitment !== commitment) {
          throw new Problem('SET_NOT_SEALED', `these slots have the commitment ${commitment}`);
        }
        const known = await sets.get(commitment);
        const sealed = sealedSet(commitment, body.sealedAt, set);
        if (known?.sealedAt !== body.sealedAt) {
          const { hub } = chains;
          const stored = await hub.finalisedStorage(hub.config.contracts.coalition, epochSlot(set.epoch));
          if (stored !== epochDigest(sealed)) {
            throw new Problem(
              'SET_NOT_SEALED',
              `the Coalition on ${hub.config.id} has not sealed this as epoch ${set.epoch}, as far as is final`,
            );
          }
        }
        const fresh = await sets.add(sealed);
        return { status: fresh ? 201 : 200, body: setView(sealed) };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/validator-sets',
      tag: 'Validator sets',
      summary: 'The published sets, newest epoch first',
      reply: validatorSetListSchema,
      statuses: { 200: 'At most the last 64.' },
      handler: async () => ({ status: 200, body: { validatorSets: (await sets.list(64)).map(setView) } }),
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/validator-sets/:commitment',
      tag: 'Validator sets',
      summary: 'A published set',
      params: z.strictObject({ commitment: fr }),
      reply: validatorSetSchema,
      statuses: { 200: 'The set.' },
      handler: async ({ params: { commitment } }) => {
        const sealed = await sets.get(commitment);
        if (!sealed) throw new Problem('NOT_FOUND', `no validator set ${commitment} has been published`);
        return { status: 200, body: setView(sealed) };
      },
    }),
  ];
}

function setView({
  commitment,
  sealedAt,
  set: { epoch, capacity, slots },
}: SealedSet): z.output<typeof validatorSetSchema> {
  return {
    commitment,
    epoch,
    capacity,
    sealedAt,
    slots: slots.map((slot) => (slot ? { key: { x: slot.key.x, y: slot.key.y }, stakeGwei: slot.stakeGwei } : null)),
  };
}
