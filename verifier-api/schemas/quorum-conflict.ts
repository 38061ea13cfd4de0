// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { MIN_SHARE, SHARE_DENOMINATOR } from '../../protocol/share.ts';
import { attestationSchema } from './attestation.ts';
import { bytes32, fr, point } from './primitives.ts';
import { proofSchema } from './proof.ts';

const SHARE = `an integer in [${MIN_SHARE}, ${SHARE_DENOMINATOR})`;

const shareSchema = z
  .int(SHARE)
  .min(MIN_SHARE, SHARE)
  .max(SHARE_DENOMINATOR - 1, SHARE)
  .meta({ id: 'Share', description: `Share of the stake in thirty-thousandths, ${SHARE}.` });

/** Its public signals are set commitment, M of the attestation, signers, share: they are recomputed, never believed. */
const quorumEvidenceSchema = z
  .strictObject(
    {
      attestation: attestationSchema,
      signers: fr.describe('Bitmap: bit i is slot i.'),
      share: shareSchema,
      keyHash: bytes32,
      proof: proofSchema,
    },
    'an object',
  )
  .meta({ id: 'QuorumEvidence', description: 'A quorum proof, whoever made it.' });

export type QuorumEvidence = z.output<typeof quorumEvidenceSchema>;

export const quorumConflictRequestSchema = z
  .strictObject({ first: quorumEvidenceSchema, second: quorumEvidenceSchema }, 'an object')
  .meta({ id: 'QuorumConflictRequest' });

export const quorumConflictSchema = z
  .strictObject({
    id: bytes32.describe('SHA-256 of the two statement ids, the lesser first.'),
    sequence: z.int().describe('Rises over all conflicts: pass it as `after`.'),
    conflict: z.enum(['double-vote', 'surround-vote']),
    first: quorumEvidenceSchema,
    second: quorumEvidenceSchema,
    keys: z.array(point).describe('Keys that signed both.'),
  })
  .meta({ id: 'QuorumConflict', description: 'Two quorums that contradict each other, both proved.' });

export const quorumConflictListSchema = z
  .strictObject({
    conflicts: z.array(quorumConflictSchema),
    after: z.int().describe('Pass it as `after` to go on.'),
  })
  .meta({ id: 'QuorumConflictList' });
