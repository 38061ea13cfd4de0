// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../protocol/bytes.ts';
import type { Domain } from '../protocol/domain.ts';
import { publicKey, sign } from '../protocol/eddsa.ts';
import { parseProof, toSolidityProof, type SolidityProof } from '../protocol/proof.ts';
import { registrationDigest, type Registration } from '../protocol/registration.ts';
import type { LocalProver } from './prove-files.ts';

/** Arguments of `Coalition.register`. */
export type RegisterArguments = readonly [keyX: bigint, keyY: bigint, keyHash: Hex, proof: SolidityProof];

/**
 * Prove that the operator holds the validator key: good for this operator on this chain and contract alone.
 * @param registrationDomain of kind `registration`
 * @param secret BabyJubJub, 32 bytes; it does not leave this machine
 */
export async function proveRegistration(
  prover: LocalProver,
  registrationDomain: Domain,
  secret: Uint8Array,
  registration: Registration,
): Promise<RegisterArguments> {
  const key = publicKey(secret);
  const digest = registrationDigest(registrationDomain, registration);
  const { r8, s } = sign(secret, digest);
  const { proof, keyHash } = await prover.prove('registration', {
    key: { x: String(key.x), y: String(key.y) },
    digest: String(digest),
    signature: { r8: { x: String(r8.x), y: String(r8.y) }, s: String(s) },
  });
  return [key.x, key.y, keyHash, toSolidityProof(parseProof(proof))];
}
