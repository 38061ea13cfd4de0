// SPDX-License-Identifier: GPL-3.0-or-later
import type { KeyArtifacts } from '../circuits/artifacts.ts';
import { getCircuit } from '../circuits/registry.ts';
import type { BatchKey } from '../contracts/deploy/batch-key.ts';
import type { VerifierSpec } from '../contracts/deploy/options.ts';
import { InvalidFieldError } from '../protocol/errors.ts';
import type { VerificationKey } from '../protocol/verification-key.ts';

/** What a key's verifier is deployed and registered as. */
export function verifierSpec({
  manifest,
  verificationKey,
}: Pick<KeyArtifacts, 'manifest' | 'verificationKey'>): VerifierSpec {
  const { kind, capacity, publicSignals } = getCircuit(manifest.circuit);
  const registered = {
    keyHash: manifest.verificationKeyHash,
    kind,
    capacity: capacity ?? 0,
    signalCount: publicSignals.length,
  };
  // A commit takes several proofs of one key, which are cheaper to verify together.
  return kind === 'ed25519'
    ? { ...registered, contract: 'BatchVerifier', batchKey: batchKey(verificationKey) }
    : { ...registered, contract: manifest.solidityContract };
}

/** @throws InvalidFieldError for a key of other than three signals */
function batchKey({ vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC }: VerificationKey): BatchKey {
  const [ic0, ic1, ic2, ic3, ...more] = IC;
  if (!ic0 || !ic1 || !ic2 || !ic3 || more.length > 0) throw new InvalidFieldError('IC', '4 points');
  return {
    alpha: g1(vk_alpha_1),
    beta: g2(vk_beta_2),
    gamma: g2(vk_gamma_2),
    delta: g2(vk_delta_2),
    ic: [g1(ic0), g1(ic1), g1(ic2), g1(ic3)],
  };
}

const g1 = ([x, y]: VerificationKey['vk_alpha_1']): BatchKey['alpha'] => [BigInt(x), BigInt(y)];
const g2 = ([[x0, x1], [y0, y1]]: VerificationKey['vk_beta_2']): BatchKey['beta'] => [
  [BigInt(x1), BigInt(x0)],
  [BigInt(y1), BigInt(y0)],
];
