// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { STATEMENT_STATES } from '../../runtime/keys.ts';
import { BUNDLE_STATES } from '../store/signature-bundle-store.ts';
import { bytes32, chainId } from './primitives.ts';

/** A node's answer to `/commit`. */
export const commitAnswer = z
  .record(z.string(), z.unknown())
  .describe("A node's answer to `/commit`: the header and who signed it.");

/** A node's answers to `/validators`. */
export const validatorsAnswer = z
  .union([z.array(z.unknown()).min(1), z.record(z.string(), z.unknown())], 'an answer to /validators, or its pages')
  .describe("A node's answer to `/validators`, or a list of its pages in order.");

/** Of everything that is shown by signatures of a followed chain. */
export const bundleFields = {
  circuit: z.string(),
  keyHash: bytes32,
  state: z.enum(BUNDLE_STATES),
  proved: z.int().describe('Shards that are proved.'),
  shards: z
    .array(z.strictObject({ statement: bytes32, state: z.enum(STATEMENT_STATES).nullable() }))
    .describe('Statements of kind `ed25519`, in the order of their signers; null before it is asked for.'),
  sequence: z.int().nullable().describe('Of a proved one: rises over all, pass it as `after`.'),
  createdAtMs: z.int(),
  destinations: z.array(chainId).describe('Where a ledger follows the chain.'),
  failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
};
