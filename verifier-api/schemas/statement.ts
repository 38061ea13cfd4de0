// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { STATEMENT_STATES } from '../../runtime/keys.ts';
import { PROVING_PHASES } from '../../runtime/statement-record.ts';
import { statementContextSchema } from '../statements/statement-context.ts';
import { address, bytes32, chainId, data, fr, point, signature } from './primitives.ts';

export const statementRequestSchema = z
  .discriminatedUnion(
    'kind',
    [
      z
        .strictObject({
          kind: z.literal('quorum'),
          message: fr.describe('M of an attestation that has a quorum here.'),
        })
        .meta({ id: 'QuorumRequest' }),
      z
        .strictObject({
          kind: z.literal('equivocation'),
          key: point.describe('A key whose offence is known here.'),
          setCommitment: fr.optional().describe('Prove membership in this set instead of the newest that was named.'),
        })
        .meta({ id: 'EquivocationRequest' }),
      z
        .strictObject({
          kind: z.literal('registration'),
          key: point,
          operator: address.describe('The account that will call `register`.'),
          chain: chainId.describe('Where it registers; the Coalition there is the configured one.'),
          signature: signature.describe('By the key, over the registration digest.'),
        })
        .meta({ id: 'RegistrationRequest' }),
    ],
    'one of quorum, equivocation, registration',
  )
  .meta({ id: 'StatementRequest' });

export const statementSchema = z
  .strictObject({
    id: bytes32.describe('SHA-256 of the claim, whatever proof carries it.'),
    kind: z.string(),
    circuit: z.string(),
    keyHash: bytes32.describe('Key that the proof is made with.'),
    signals: z.record(z.string(), fr).describe('Public signals by name.'),
    context: statementContextSchema,
    state: z.enum(STATEMENT_STATES),
    sequence: z.int().describe('Number of the change that brought it into its state; rises over all statements.'),
    createdSequence: z.int(),
    createdAtMs: z.int(),
    stateAtMs: z.int(),
    attempts: z.int(),
    phase: z.enum(PROVING_PHASES).nullable(),
    progress: z.number().nullable().describe('Of the phase, 0 to 1.'),
    failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'Statement' });

export const statementPageSchema = z
  .strictObject({
    statements: z.array(statementSchema),
    after: z.int().describe('Pass it as `after` to go on; the end is reached when it no longer moves.'),
  })
  .meta({ id: 'StatementPage' });

export const callSchema = z
  .strictObject({
    chain: chainId,
    contract: z.enum(['CheckpointLedger', 'Coalition', 'CometBftLedger', 'StateReader']),
    method: z.string(),
    to: address,
    data,
    value: z.literal('0').describe('Wei; a registration adds its deposit, whole gwei.'),
    sender: address.nullable().describe('The only account that can send it, where that matters.'),
  })
  .meta({ id: 'Call', description: 'A transaction or call to be sent by anyone, or by `sender`.' });
