// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { bytes32, chainId, u64 } from './primitives.ts';
import { bundleFields, commitAnswer, validatorsAnswer } from './signature-bundle.ts';

export const headerUpdateRequestSchema = z
  .strictObject(
    {
      commit: commitAnswer,
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
    ...bundleFields,
  })
  .meta({ id: 'HeaderUpdate', description: 'A header of a followed CometBFT chain on its way to ledgers.' });

export const headerUpdatePageSchema = z
  .strictObject({
    updates: z.array(headerUpdateSchema),
    after: z.int().describe('Pass it as `after` to go on.'),
  })
  .meta({ id: 'HeaderUpdatePage' });
