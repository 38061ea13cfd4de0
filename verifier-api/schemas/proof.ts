// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { FQ } from '../../protocol/field.ts';
import { bytes32, fr } from './primitives.ts';

const BOUND = 'an integer in [0, q), q the BN254 base field order, as a canonical decimal string';

// Coordinates stay text: snarkjs's form is what is passed on.
const coordinate = z
  .string(BOUND)
  .regex(/^(0|[1-9][0-9]{0,77})$/, BOUND)
  .superRefine((text, context) => {
    if (/^\d{1,78}$/.test(text) && BigInt(text) >= FQ) {
      context.addIssue({ code: 'custom', params: { outOfRange: true }, message: BOUND });
    }
  })
  .meta({ id: 'BaseFieldElement', description: `${BOUND}.` });

const one = z.literal('1', '"1", an affine point');
const zero = z.literal('0', '"0", an affine point');

export const proofSchema = z
  .strictObject(
    {
      protocol: z.literal('groth16', 'groth16'),
      curve: z.literal('bn128', 'bn128'),
      pi_a: z.tuple([coordinate, coordinate, one], 'an affine point, three coordinates'),
      pi_b: z.tuple(
        [
          z.tuple([coordinate, coordinate], 'a pair'),
          z.tuple([coordinate, coordinate], 'a pair'),
          z.tuple([one, zero], '["1", "0"]'),
        ],
        'an affine point, three pairs',
      ),
      pi_c: z.tuple([coordinate, coordinate, one], 'an affine point, three coordinates'),
    },
    'an object',
  )
  .meta({ id: 'Proof', description: "Groth16 proof on BN254 in snarkjs's JSON form, affine." });

export const circuitId = z.string('a circuit').regex(/^[a-z0-9-]{1,64}$/, 'the id of a circuit, such as quorum-16');

export const provedStatementSchema = z
  .strictObject({ keyHash: bytes32, circuit: circuitId, publicSignals: z.array(fr), proof: proofSchema })
  .meta({ id: 'ProvedStatement', description: 'A proof with the circuit and the key that it is for.' });

export const verifyRequestSchema = z
  .strictObject(
    {
      circuit: circuitId,
      keyHash: bytes32.optional().describe("Default: the circuit's current key."),
      publicSignals: z.array(fr, 'an array').max(64, 'at most 64 signals').describe("In the circuit's order."),
      proof: proofSchema,
    },
    'an object',
  )
  .meta({ id: 'VerifyRequest' });

export const verdictSchema = z
  .strictObject({
    valid: z.boolean(),
    reason: z.string().nullable().describe('Why it is refused: a stable code.'),
    detail: z.string().nullable(),
    circuit: z.string(),
    keyHash: bytes32,
    claim: z
      .strictObject({
        kind: z.string(),
        statement: bytes32.describe('Statement id: names the claim, whatever proof carries it.'),
        signals: z.record(z.string(), fr).describe('Public signals by name.'),
      })
      .describe('What the signals say; true only if the proof is valid.'),
  })
  .meta({ id: 'Verdict' });
