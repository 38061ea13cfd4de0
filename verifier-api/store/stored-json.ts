// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Attestation } from '../../protocol/attestation.ts';
import type { Signature } from '../../protocol/eddsa.ts';
import { attestationSchema } from '../schemas/attestation.ts';
import { signature as signatureSchema } from '../schemas/primitives.ts';

const votePart = z.strictObject({ attestation: attestationSchema, signature: signatureSchema });

/** An attestation with one signature, as an offender's record holds it. */
export interface Vote {
  readonly attestation: Attestation;
  readonly signature: Signature;
}

/** What lies in Redis has the form that the API speaks. */
export const storedJson = {
  attestation: (value: Attestation): string => JSON.stringify(z.encode(attestationSchema, value)),
  signature: (value: Signature): string => JSON.stringify(z.encode(signatureSchema, value)),
  vote: ({ attestation, signature }: Vote): string => JSON.stringify(z.encode(votePart, { attestation, signature })),
  parseAttestation: (text: string): Attestation => attestationSchema.parse(JSON.parse(text)),
  parseSignature: (text: string): Signature => signatureSchema.parse(JSON.parse(text)),
  parseVote: (text: string): Vote => votePart.parse(JSON.parse(text)),
} as const;
