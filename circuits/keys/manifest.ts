// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';

const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'expected 32 bytes as lower-case 0x-hex')
  .transform((text) => text as Hex);
const longHash = z
  .string()
  .regex(/^0x[0-9a-f]{128}$/, 'expected 64 bytes as lower-case 0x-hex')
  .transform((text) => text as Hex);

/** `manifest.json` beside every key. File hashes are SHA-256. */
export const manifestSchema = z
  .strictObject({
    version: z.literal(1),
    circuit: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    /** made by one party on one machine, or by a powers-of-tau file and a ceremony of several parties with a beacon */
    kind: z.enum(['development', 'ceremony']),
    constraints: z.int().positive(),
    /** names, in order */
    publicSignals: z.array(z.string().min(1)).min(1),
    compilerVersion: z.string().min(1),
    compilerFlags: z.array(z.string()),
    /** of everything that the compiler read; names the folder of the compiled circuit */
    sourceHash: z.string().regex(/^[0-9a-f]{64}$/),
    r1csHash: hash,
    wasmHash: hash,
    zkeyHash: hash,
    /** name of the key in jobs, proofs and ledgers: `verificationKeyHash` of protocol/ */
    verificationKeyHash: hash,
    /** file beside the manifest */
    soliditySource: z.literal('Verifier.sol'),
    solidityContract: z.string().regex(/^[A-Z][A-Za-z0-9]*$/),
    solidityCompiler: z.string().min(1),
    /** Keccak-256 of the verifier's deployed code, compiled with `SOLIDITY_SETTINGS` */
    solidityCodeHash: hash,
    /** the ceremony's record: present for its keys, absent for the others */
    ceremony: z
      .strictObject({
        powersOfTauHash: hash,
        contributions: z.array(
          z.strictObject({ kind: z.enum(['contribution', 'beacon']), name: z.string(), hash: longHash }),
        ),
      })
      .optional(),
  })
  .refine((manifest) => (manifest.kind === 'ceremony') === (manifest.ceremony !== undefined), {
    path: ['ceremony'],
    message: 'a ceremony key has a record of its ceremony, a development key has none',
  });

export type Manifest = z.infer<typeof manifestSchema>;
