// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { STATEMENT_STATES } from '../../runtime/keys.ts';
import { HEADER_UPDATE_STATES } from '../store/header-update-store.ts';
import { bytes32, chainId, u64 } from './primitives.ts';

const validatorsAnswer = z
  .union([z.array(z.unknown()).min(1), z.record(z.string(), z.unknown())], 'an answer to /validators, or its pages')
  .describe("A node's answer to `/validators`, or a list of its pages in order.");

export const headerUpdateRequestSchema = z
  .strictObject(
    {
      commit: z.record(z.string(), z.unknown()).describe("A node's answer to `/commit`: the header and who signed it."),
      validators: validatorsAnswer,
      trustedHeight: u64.describe('Height of an accepted header below it, or of the configured start.'),
      trustedValidators: validatorsAnswer
        .optional()
        .describe("The set of the height after the trusted one. Needed where it is not the header's own."),
    },
    'an object',
  )
  .meta({
    id: 'HeaderUpdateRequest',
    description: "What a CometBFT chain's nodes say of a header, as they say it (JSON-RPC answers).",
  });

export const headerUpdateSchema = z
  .strictObject({
    id: bytes32.describe('SHA-256 of chain, header and trusted state, whatever signatures show it.'),
    chain: chainId,
    height: u64,
    blockHash: bytes32,
    trustedHeight: u64,
    contradicts: z.boolean().describe('It contradicts an accepted header: ledgers will freeze.'),
    signers: z.int().describe('Signatures that are proved, as few as the rules allow.'),
    circuit: z.string(),
    keyHash: bytes32,
    state: z.enum(HEADER_UPDATE_STATES),
    proved: z.int().describe('Shards that are proved.'),
    shards: z
      .array(z.strictObject({ statement: bytes32, state: z.enum(STATEMENT_STATES).nullable() }))
      .describe('Statements of kind `ed25519`, in the order of their signers; null before it is asked for.'),
    sequence: z.int().nullable().describe('Of a proved one: rises over all, pass it as `after`.'),
    createdAtMs: z.int(),
    destinations: z.array(chainId).describe('Where a ledger follows the chain.'),
    failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'HeaderUpdate', description: 'A header of a followed CometBFT chain on its way to ledgers.' });

export const headerUpdatePageSchema = z
  .strictObject({
    updates: z.array(headerUpdateSchema),
    after: z.int().describe('Pass it as `after` to go on.'),
  })
  .meta({ id: 'HeaderUpdatePage' });
