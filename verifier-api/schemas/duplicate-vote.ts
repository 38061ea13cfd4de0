// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { address, bytes32, chainId, u64 } from './primitives.ts';
import { bundleFields, commitAnswer, validatorsAnswer } from './signature-bundle.ts';

export const duplicateVoteRequestSchema = z
  .strictObject(
    {
      evidence: z
        .record(z.string(), z.unknown())
        .describe('`tendermint/DuplicateVoteEvidence` as the `evidence` of a block lists it.'),
      commit: commitAnswer.describe("A node's answer to `/commit` at the votes' height: a header that was accepted."),
      validators: validatorsAnswer,
    },
    'an object',
  )
  .meta({
    id: 'DuplicateVoteRequest',
    description: "Evidence from a CometBFT chain, and what its nodes say of the votes' height (JSON-RPC answers).",
  });

const voteSchema = z
  .strictObject({
    block: z
      .strictObject({ hash: bytes32, partsTotal: z.int(), partsHash: bytes32 })
      .nullable()
      .describe('What it was for; null for nil.'),
    time: z.string().describe("The voter's own, RFC 3339 in UTC."),
  })
  .meta({ id: 'ConsensusVote' });

export const duplicateVoteSchema = z
  .strictObject({
    id: bytes32.describe('SHA-256 of chain, validator, height, round and type, whichever votes show it.'),
    chain: chainId,
    validator: address.describe("The validator's address on its chain."),
    consensusKey: bytes32.describe('Its Ed25519 key.'),
    height: u64,
    round: z.int(),
    type: z.enum(['prevote', 'precommit']),
    votes: z.tuple([voteSchema, voteSchema]).describe('In the order in which they came.'),
    blockHash: bytes32.describe("Of the header at the votes' height."),
    headerUpdate: bytes32
      .nullable()
      .describe('The header update that brings that header to ledgers; null where they start from it.'),
    ...bundleFields,
  })
  .meta({
    id: 'DuplicateVote',
    description: "A validator's two votes on a followed chain, on their way to Coalitions.",
  });

export const duplicateVotePageSchema = z
  .strictObject({
    duplicateVotes: z.array(duplicateVoteSchema),
    after: z.int().describe('Pass it as `after` to go on.'),
  })
  .meta({ id: 'DuplicateVotePage' });
