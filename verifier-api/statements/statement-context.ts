// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Json } from '../../runtime/statement-record.ts';
import { attestationSchema } from '../schemas/attestation.ts';
import { address, bytes32, chainId, data, signature } from '../schemas/primitives.ts';

const vote = z.strictObject({ attestation: attestationSchema, signature }).meta({ id: 'Vote' });

/** What a statement's claim is about: what its signals are hashes of, and contracts need in full. */
export const statementContextSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('quorum'), attestation: attestationSchema }),
    z.strictObject({
      kind: z.literal('equivocation'),
      conflict: z.enum(['double-vote', 'surround-vote']),
      first: vote,
      second: vote,
    }),
    z.strictObject({
      kind: z.literal('registration'),
      operator: address,
      chain: chainId,
      coalition: address.describe('The Coalition on that chain.'),
    }),
    z.strictObject({
      kind: z.literal('ed25519'),
      slots: z
        .array(z.strictObject({ key: bytes32, message: data }))
        .describe('Who signed what, in order; the first fills the slots that are left.'),
    }),
  ])
  .meta({ id: 'StatementContext', description: 'What the claim is about.' });

export type StatementContext = z.output<typeof statementContextSchema>;

export function contextJson(context: StatementContext): Json {
  return z.encode(statementContextSchema, context) as Json; // strings and objects only
}

/** @param stored written by `contextJson` */
export function parseContext(stored: Json): StatementContext {
  return statementContextSchema.parse(stored);
}
