// SPDX-License-Identifier: GPL-3.0-or-later
import { jsonRoute, type Route } from '../http/route.ts';
import { verdictSchema, verifyRequestSchema } from '../schemas/proof.ts';
import type { Services } from '../services.ts';
import { verifyClaim } from '../statements/verify-claim.ts';

export function verifyRoutes({ keys }: Services): Route[] {
  return [
    jsonRoute({
      method: 'post',
      path: '/v1/verify',
      tag: 'Verification',
      summary: 'Is this proof valid, and what does it say?',
      description:
        'Strict: the exact number of signals, canonical numbers, points on their curves and in their subgroups. The ' +
        'answer is that of the Solidity verifiers behind `VerifierRegistry`.',
      body: verifyRequestSchema,
      reply: verdictSchema,
      statuses: { 200: 'The verdict, valid or not.' },
      problems: ['CIRCUIT_UNKNOWN', 'KEY_UNKNOWN', 'PROOF_FOR_ANOTHER_CIRCUIT'],
      handler: async ({ body }) => {
        const { verdict, keyHash, claim } = await verifyClaim(keys, body);
        const refusal = verdict.valid
          ? { reason: null, detail: null }
          : { reason: verdict.reason, detail: verdict.detail };
        return { status: 200, body: { valid: verdict.valid, ...refusal, circuit: body.circuit, keyHash, claim } };
      },
    }),
  ];
}
