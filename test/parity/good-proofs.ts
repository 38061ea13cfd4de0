// SPDX-License-Identifier: GPL-3.0-or-later
import { loadArtifacts, type KeyArtifacts } from '../../circuits/artifacts.ts';
import { inputJson } from '../../circuits/input-schema.ts';
import { fr, keyOf, quorumInput, signBy } from '../../circuits/testing/fixtures.ts';
import { LocalProver } from '../../cli/prove-files.ts';
import { parseProof } from '../../protocol/proof.ts';
import { merklePath, validatorSet } from '../../protocol/validator-set.ts';
import type { Sample } from './samples.ts';

export interface GoodProof {
  readonly key: KeyArtifacts;
  readonly sample: Sample;
}

/** One circuit of each kind, with inputs that its statement has. */
const INPUTS = {
  registration: () => ({ key: keyOf(1), digest: fr('digest'), signature: signBy(1, fr('digest')) }),
  equivocation: () => {
    const [leafIndex, stakeGwei] = [5, 32n];
    const set = validatorSet(
      7n,
      16,
      Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? { key: keyOf(i), stakeGwei } : undefined)),
    );
    const signed = (label: string) => ({ message: fr(label), signature: signBy(leafIndex, fr(label)) });
    const { capacity, epoch } = set;
    const path = merklePath(set, leafIndex);
    return {
      capacity,
      epoch,
      leafIndex,
      key: keyOf(leafIndex),
      stakeGwei,
      path,
      first: signed('1'),
      second: signed('2'),
    };
  },
  'quorum-16': () => quorumInput([100n, 90n, undefined, 80n, 70n], [0, 1, 3]),
} as const;

export type ProvedCircuit = keyof typeof INPUTS;

/** Proofs by the project's own keys. */
export async function goodProofs(): Promise<Record<ProvedCircuit, GoodProof>> {
  const prover = await LocalProver.open();
  try {
    const make = async (circuit: ProvedCircuit): Promise<GoodProof> => {
      const { proof, publicSignals } = await prover.prove(circuit, JSON.parse(inputJson(INPUTS[circuit]())));
      return {
        key: await loadArtifacts(circuit),
        sample: { proof: parseProof(proof), signals: publicSignals.map(BigInt) },
      };
    };
    return {
      registration: await make('registration'),
      equivocation: await make('equivocation'),
      'quorum-16': await make('quorum-16'),
    };
  } finally {
    await prover.close();
  }
}
