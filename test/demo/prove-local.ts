// SPDX-License-Identifier: GPL-3.0-or-later
import { inputJson } from '../../circuits/input-schema.ts';
import type { EquivocationInput } from '../../circuits/statements/equivocation/inputs.ts';
import type { QuorumInput } from '../../circuits/statements/quorum/inputs.ts';
import type { LocalProver } from '../../cli/prove-files.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { parseProof, toSolidityProof, type SolidityProof } from '../../protocol/proof.ts';

/** A proof made beside the farm, in the form that contracts take. */
export interface LocalProof {
  readonly keyHash: Hex;
  readonly publicSignals: readonly string[];
  readonly proof: SolidityProof;
}

export async function proveLocally(
  prover: LocalProver,
  circuit: 'quorum-16' | 'equivocation',
  input: QuorumInput | EquivocationInput,
): Promise<LocalProof> {
  const { keyHash, publicSignals, proof } = await prover.prove(circuit, JSON.parse(inputJson(input)));
  return { keyHash, publicSignals, proof: toSolidityProof(parseProof(proof)) };
}
