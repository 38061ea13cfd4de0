// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { sameCheckpoint } from '../../protocol/attestation.ts';
import type { Fr } from '../../protocol/field.ts';
import type { ChainClient } from '../chains/chain-client.ts';
import { Problem } from '../http/problem.ts';
import { jsonRoute, type Route } from '../http/route.ts';
import { chainListSchema, chainSchema, quorumCheckpointSchema } from '../schemas/chain.ts';
import { chainId, fr, u64 } from '../schemas/primitives.ts';
import type { Services } from '../services.ts';
import type { StoredMessage } from '../store/attestation-store.ts';

const query = z.strictObject({ set: fr.optional().describe('Only a quorum of this set.') });

export function chainRoutes(services: Services): Route[] {
  const { chains, attestations, config } = services;
  const view = async (chain: ChainClient): Promise<z.output<typeof chainSchema>> => {
    const { id, chainKey, genesisHash, interval, contracts } = chain.config;
    const latestHeight = (await attestations.latestHeight(chainKey)) ?? null;
    return { id, chainKey, genesisHash, hub: chains.isHub(chain), interval, contracts, latestHeight };
  };
  return [
    jsonRoute({
      method: 'get',
      path: '/v1/chains',
      tag: 'Chains',
      summary: 'The coalition and its chains',
      reply: chainListSchema,
      statuses: { 200: 'All chains.' },
      handler: async () => {
        const { hub, share, trustingPeriodSeconds, evidenceWindowSeconds, attestationDomain, registrationDomain } =
          config.coalition;
        const coalition = { hub, share, trustingPeriodSeconds, evidenceWindowSeconds };
        return {
          status: 200,
          body: {
            coalition: { ...coalition, attestationDomain: attestationDomain, registrationDomain: registrationDomain },
            chains: await Promise.all(chains.all.map(view)),
          },
        };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/chains/:id',
      tag: 'Chains',
      summary: 'A chain',
      params: z.strictObject({ id: chainId }),
      reply: chainSchema,
      statuses: { 200: 'The chain.' },
      handler: async ({ params: { id } }) => ({ status: 200, body: await view(chains.inPath(id)) }),
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/chains/:id/checkpoints/latest',
      tag: 'Chains',
      summary: 'The latest checkpoint with a quorum',
      params: z.strictObject({ id: chainId }),
      query: query.extend({ below: u64.optional().describe('Only heights below this one.') }),
      reply: quorumCheckpointSchema,
      statuses: { 200: 'The checkpoint and its signatures.' },
      handler: async ({ params: { id }, query: { set, below } }) => {
        const chain = chains.inPath(id);
        const height = await attestations.latestHeight(chain.config.chainKey, below);
        if (height === undefined) throw new Problem('NOT_FOUND', `no checkpoint of ${id} has a quorum yet`);
        return { status: 200, body: await checkpointAt(services, chain, height, set) };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/chains/:id/checkpoints/:height',
      tag: 'Chains',
      summary: 'A checkpoint with a quorum',
      params: z.strictObject({ id: chainId, height: u64 }),
      query,
      reply: quorumCheckpointSchema,
      statuses: { 200: 'The checkpoint and its signatures.' },
      handler: async ({ params: { id, height }, query: { set } }) => ({
        status: 200,
        body: await checkpointAt(services, chains.inPath(id), height, set),
      }),
    }),
  ];
}

async function checkpointAt(
  { attestations, sets }: Services,
  { config }: ChainClient,
  height: bigint,
  set: Fr | undefined,
): Promise<z.output<typeof quorumCheckpointSchema>> {
  const messages = await attestations.quorumsAt(config.chainKey, height);
  const stored = (await Promise.all(messages.map((message) => attestations.message(message)))).filter(
    (one) => one !== undefined,
  );
  const candidates: { stored: StoredMessage; epoch: bigint; keys: ReturnType<typeof signers> }[] = [];
  for (const one of stored) {
    const sealed = await sets.get(one.attestation.setCommitment);
    if (!sealed || (set !== undefined && sealed.commitment !== set)) continue;
    candidates.push({ stored: one, epoch: sealed.set.epoch, keys: signers(one, sealed.set.slots) });
  }
  candidates.sort((a, b) => (a.epoch < b.epoch ? 1 : -1));
  const [newest] = candidates;
  if (!newest) throw new Problem('NOT_FOUND', `no checkpoint of ${config.id} at ${height} has a quorum here`);
  const { attestation, message, statement } = newest.stored;
  return {
    chain: config.id,
    message,
    attestation,
    signatures: newest.keys,
    statement: statement ?? null,
    conflicting: stored.some((one) => !sameCheckpoint(one.attestation.checkpoint, attestation.checkpoint)),
    otherMessages: stored.filter((one) => one.message !== message).map((one) => one.message),
  };
}

function signers(stored: StoredMessage, slots: readonly ({ readonly key: { x: bigint; y: bigint } } | undefined)[]) {
  return [...stored.signatures].flatMap(([slot, signature]) => {
    const key = slots[slot]?.key;
    return key ? [{ slot, key: { x: key.x, y: key.y }, signature }] : [];
  });
}
