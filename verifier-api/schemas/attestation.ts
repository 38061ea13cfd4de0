// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { bytes32, chainKeySchema, fr, point, signature, u64 } from './primitives.ts';

export const checkpointSchema = z
  .strictObject(
    {
      chainKey: chainKeySchema,
      height: u64,
      blockHash: bytes32,
      stateRoot: bytes32,
      timestamp: u64.describe("The block's own, in seconds since 1970."),
    },
    'an object',
  )
  .meta({ id: 'Checkpoint', description: 'A block that a source chain finalised.' });

export const attestationSchema = z
  .strictObject(
    {
      setCommitment: fr,
      sourceHeight: u64.describe('Height of the latest checkpoint that already has a quorum; below the checkpoint.'),
      checkpoint: checkpointSchema,
    },
    'an object',
  )
  .meta({ id: 'Attestation', description: 'What a validator signs, less the domain, which the service fixes.' });

export const signedAttestationSchema = z
  .strictObject({ attestation: attestationSchema, key: point, signature }, 'an object')
  .meta({ id: 'SignedAttestation', description: "An attestation with its signer's key and signature." });

export type SignedAttestation = z.output<typeof signedAttestationSchema>;

export const attestationReceiptSchema = z
  .strictObject({
    message: fr.describe('M: what was signed.'),
    outcome: z.enum(['stored', 'known']),
    conflict: z.enum(['double-vote', 'surround-vote']).nullable().describe('Offence that this attestation completed.'),
    quorum: z.boolean().describe('Whether the message has a quorum.'),
  })
  .meta({ id: 'AttestationReceipt' });

export const evidenceSchema = z
  .strictObject({ first: signedAttestationSchema, second: signedAttestationSchema }, 'an object')
  .meta({ id: 'Evidence', description: 'Two attestations by one key that contradict each other, in either order.' });

export const evidenceReceiptSchema = z
  .strictObject({
    keyId: bytes32.describe('keccak256(abi.encode(key.x, key.y)), as contracts name the key.'),
    conflict: z.enum(['double-vote', 'surround-vote']),
    recorded: z.boolean().describe('False when the key had been caught before: nothing changed then.'),
    statement: bytes32.nullable().describe('The equivocation statement, once it is made.'),
  })
  .meta({ id: 'EvidenceReceipt' });
