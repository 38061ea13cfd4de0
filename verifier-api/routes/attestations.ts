// SPDX-License-Identifier: GPL-3.0-or-later
import { jsonRoute, type Route } from '../http/route.ts';
import {
  attestationReceiptSchema,
  evidenceReceiptSchema,
  evidenceSchema,
  signedAttestationSchema,
} from '../schemas/attestation.ts';
import type { Services } from '../services.ts';

export function attestationRoutes({ intake, metrics }: Services): Route[] {
  return [
    jsonRoute({
      method: 'post',
      path: '/v1/attestations',
      tag: 'Attestations',
      summary: 'Hand in a signed attestation',
      description:
        'It is checked, stored durably, counted for its quorum, and compared with every attestation by the same key on ' +
        'the same chain within the evidence window. Sending it again is harmless.',
      body: signedAttestationSchema,
      reply: attestationReceiptSchema,
      statuses: { 201: 'Stored: it survives any crash.', 200: 'Known already; nothing changed.' },
      problems: [
        'CHAIN_UNKNOWN',
        'SET_UNKNOWN',
        'SET_EXPIRED',
        'SIGNER_NOT_IN_SET',
        'SIGNATURE_INVALID',
        'SOURCE_NOT_BELOW_TARGET',
        'HEIGHT_NOT_ON_INTERVAL',
        'VOTES_EXHAUSTED',
      ],
      handler: async ({ body }) => {
        const { outcome, conflict, message, quorum } = await intake.submit(body);
        metrics.attestations.inc({ outcome });
        if (conflict) metrics.conflicts.inc({ conflict });
        return {
          status: outcome === 'stored' ? 201 : 200,
          body: { message, outcome, conflict: conflict ?? null, quorum },
        };
      },
    }),
    jsonRoute({
      method: 'post',
      path: '/v1/evidence',
      tag: 'Attestations',
      summary: 'Report a validator that signed two contradicting attestations',
      description:
        'Anyone may. The key must stand in a published set; the attestations may name other chains, sets and heights ' +
        'than this service knows, for an offence is one whatever it names. One statement is made for each key.',
      body: evidenceSchema,
      reply: evidenceReceiptSchema,
      statuses: { 202: 'Recorded, or the key had been caught before.' },
      problems: ['KEYS_DIFFER', 'NO_CONFLICT', 'SIGNER_NOT_IN_SET', 'SIGNATURE_INVALID', 'SOURCE_NOT_BELOW_TARGET'],
      handler: async ({ body }) => {
        const receipt = await intake.submitEvidence(body.first, body.second);
        if (receipt.recorded) metrics.conflicts.inc({ conflict: receipt.conflict });
        return { status: 202, body: receipt };
      },
    }),
  ];
}
