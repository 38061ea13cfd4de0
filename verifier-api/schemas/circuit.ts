// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { bytes32 } from './primitives.ts';

export const circuitSchema = z
  .strictObject({
    id: z.string(),
    kind: z.string().describe('The kind of statement that it proves.'),
    capacity: z.int().nullable().describe('Slots of the validator set; null where the circuit is good for all.'),
    constraints: z.int(),
    publicSignals: z
      .array(z.strictObject({ name: z.string(), bits: z.int(), doc: z.string(), enforcedBy: z.string() }))
      .describe('In their order.'),
    key: z
      .strictObject({
        keyHash: bytes32,
        kind: z.enum(['development', 'ceremony']),
        r1csHash: bytes32,
        wasmHash: bytes32,
        zkeyHash: bytes32,
        compilerVersion: z.string(),
        compilerFlags: z.array(z.string()),
        solidityContract: z.string(),
        solidityCodeHash: bytes32,
      })
      .nullable()
      .describe('The key that new proofs are made with; null where there is none here yet.'),
  })
  .meta({ id: 'Circuit' });

export const circuitListSchema = z.strictObject({ circuits: z.array(circuitSchema) }).meta({ id: 'CircuitList' });

export const verificationKeySchema = z
  .looseObject({ protocol: z.literal('groth16'), curve: z.literal('bn128'), nPublic: z.int() })
  .meta({ id: 'VerificationKey', description: "snarkjs's verification_key.json." });
