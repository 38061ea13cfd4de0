// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, toBytesBE, toHex, type Hex } from './bytes.ts';
import { InvalidFieldError } from './errors.ts';
import { FQ, parseDecimal } from './field.ts';

/** A G1 or G2 point as snarkjs writes it in JSON: projective, decimal, third coordinate one. */
type G1Json = readonly [string, string, string];
type G2Json = readonly [readonly [string, string], readonly [string, string], readonly [string, string]];

/** A Groth16 verification key on BN254 in the form of snarkjs's `verification_key.json`. */
export interface VerificationKey {
  readonly protocol: 'groth16';
  readonly curve: 'bn128';
  readonly nPublic: number;
  readonly vk_alpha_1: G1Json;
  readonly vk_beta_2: G2Json;
  readonly vk_gamma_2: G2Json;
  readonly vk_delta_2: G2Json;
  /** nPublic + 1 points */
  readonly IC: readonly G1Json[];
}

/**
 * Name of a key: SHA-256 over alpha, beta, gamma, delta and IC, each coordinate in 32 bytes big-endian, G2 coordinates
 * as (c0, c1). Jobs, proofs and ledgers name their key by it.
 * @throws InvalidFieldError on a coordinate outside [0, q) or a wrong number of IC points
 */
export function verificationKeyHash(key: VerificationKey): Hex {
  if (key.IC.length !== key.nPublic + 1) throw new InvalidFieldError('IC', `${key.nPublic + 1} points`);
  const g1 = ([x, y]: G1Json): string[] => [x, y];
  const g2 = ([x, y]: G2Json): string[] => [...x, ...y];
  const words = [
    ...g1(key.vk_alpha_1),
    ...g2(key.vk_beta_2),
    ...g2(key.vk_gamma_2),
    ...g2(key.vk_delta_2),
    ...key.IC.flatMap(g1),
  ];
  return toHex(sha256(concatBytes(...words.map(coordinateBytes))));
}

function coordinateBytes(text: string): Uint8Array {
  const value = parseDecimal(text, 'coordinate');
  if (value >= FQ) throw new InvalidFieldError('coordinate', 'an integer in [0, q)');
  return toBytesBE(value, 32, 'coordinate');
}
