// SPDX-License-Identifier: GPL-3.0-or-later
import type { TransactionReceipt } from 'viem';
import { sign } from '../../protocol/eddsa.ts';
import { parseProof, toSolidityProof } from '../../protocol/proof.ts';
import type { Domain } from '../../protocol/domain.ts';
import { registrationDigest } from '../../protocol/registration.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { LocalProver } from '../prove-files.ts';
import type { LocalChain } from './local-chain.ts';
import type { LocalValidator } from './validators.ts';

const GWEI = 1_000_000_000n;

/** Prove that the validator's operator holds its key, and deposit its stake on one chain. */
export async function registerValidator(
  chain: LocalChain,
  registrationDomain: Domain,
  validator: LocalValidator,
  prover: LocalProver,
): Promise<TransactionReceipt> {
  const { key, secret, operator, stakeGwei } = validator;
  const { coalition } = chain.deployment;
  const digest = registrationDigest(registrationDomain, {
    operator: operator.address.toLowerCase() as Hex,
    chainKey: chain.chainKey,
    coalition: coalition.toLowerCase() as Hex,
  });
  const signature = sign(secret, digest);
  const { proof, keyHash } = await prover.prove('registration', {
    key: { x: String(key.x), y: String(key.y) },
    digest: String(digest),
    signature: { r8: { x: String(signature.r8.x), y: String(signature.r8.y) }, s: String(signature.s) },
  });
  const args = [key.x, key.y, keyHash, toSolidityProof(parseProof(proof))];
  return chain.write(operator, 'Coalition', coalition, 'register', args, stakeGwei * GWEI);
}
