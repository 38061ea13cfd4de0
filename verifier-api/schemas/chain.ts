// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { attestationSchema, checkpointSchema } from './attestation.ts';
import {
  address,
  bytes32,
  chainId,
  chainKeySchema,
  data,
  domainSchema,
  fr,
  point,
  signature,
  u64,
} from './primitives.ts';
import { callSchema } from './statement.ts';

export const chainSchema = z
  .strictObject({
    id: chainId,
    chainKey: chainKeySchema,
    genesisHash: bytes32,
    hub: z.boolean().describe('Whether this chain seals the validator sets.'),
    interval: u64.describe('Checkpoints stand at multiples of it.'),
    contracts: z.strictObject({ ledger: address, stateReader: address, coalition: address }),
    latestHeight: u64.nullable().describe('Greatest height with a quorum.'),
  })
  .meta({ id: 'Chain' });

export const chainListSchema = z
  .strictObject({
    coalition: z.strictObject({
      hub: chainId,
      share: z.int().describe('A quorum is strictly more than this many thirty-thousandths of the stake.'),
      trustingPeriodSeconds: z.int(),
      evidenceWindowSeconds: z.int(),
      attestationDomain: domainSchema,
      registrationDomain: domainSchema,
    }),
    chains: z.array(chainSchema),
  })
  .meta({ id: 'ChainList' });

export const quorumCheckpointSchema = z
  .strictObject({
    chain: chainId,
    message: fr,
    attestation: attestationSchema,
    signatures: z
      .array(z.strictObject({ slot: z.int(), key: point, signature }))
      .describe(
        'All that came, at least those that made the quorum: check them yourself against a set whose commitment you have seen on the hub.',
      ),
    statement: bytes32.nullable().describe('The quorum statement, once it is made.'),
    conflicting: z.boolean().describe('Whether another checkpoint at this height has a quorum too.'),
    otherMessages: z.array(fr).describe('Further messages with a quorum at this height, under other sets for example.'),
  })
  .meta({ id: 'QuorumCheckpoint', description: 'A checkpoint with the signatures of its quorum.' });

export const stateReadSchema = z
  .strictObject({
    source: chainId,
    destination: chainId,
    checkpoint: checkpointSchema,
    acceptedAt: u64.describe('When the destination accepted the checkpoint, in seconds of its chain.'),
    account: address,
    slot: bytes32.nullable(),
    accountProof: z.array(data),
    storageProof: z.array(data),
    outcome: z
      .discriminatedUnion('status', [
        z.strictObject({ status: z.literal('storage'), exists: z.boolean(), value: word() }),
        z.strictObject({ status: z.literal('account'), exists: z.boolean(), nonce: u64, balance: word() }),
        z.strictObject({ status: z.literal('reverted'), error: z.string() }),
      ])
      .describe("What the destination's StateReader returned for this call just now."),
    call: callSchema,
  })
  .meta({ id: 'StateRead', description: "Everything a contract needs to read the source's state." });

export const rotationSchema = z
  .strictObject({
    chain: chainId,
    due: z.boolean(),
    reason: z.string().nullable().describe('Why nothing can be done now.'),
    next: z
      .strictObject({ commitment: fr, epoch: u64 })
      .nullable()
      .describe("The set to show it; when none is due, the newest known, if newer than the ledger's."),
    call: callSchema.nullable(),
  })
  .meta({ id: 'Rotation' });

/** A word of the EVM. */
function word() {
  return z.codec(z.string().regex(/^(0|[1-9][0-9]{0,77})$/), z.bigint(), {
    decode: (text) => BigInt(text),
    encode: (value) => value.toString(),
  });
}
