// SPDX-License-Identifier: GPL-3.0-or-later
import type { Manifest } from '../circuits/keys/manifest.ts';
import { getCircuit } from '../circuits/registry.ts';
import type { VerifierSpec } from '../contracts/deploy/options.ts';

/** What a key's verifier is deployed and registered as. */
export function verifierSpec(manifest: Manifest): VerifierSpec {
  const { kind, capacity, publicSignals } = getCircuit(manifest.circuit);
  return {
    contract: manifest.solidityContract,
    keyHash: manifest.verificationKeyHash,
    kind,
    capacity: capacity ?? 0,
    signalCount: publicSignals.length,
  };
}
