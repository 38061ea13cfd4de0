// SPDX-License-Identifier: GPL-3.0-or-later
import { bn254 } from '@noble/curves/bn254.js';
import { proofToJson, type Proof, type ProofJson } from '../../protocol/proof.ts';
import type { VerificationKey } from '../../protocol/verification-key.ts';

/*
 * Verification keys whose secrets are known. Whoever knows them can simulate a proof of anything (Groth16, section
 * 3.2), so that verifiers are tested on valid proofs without compiling or proving a circuit.
 */

const { Fr, Fp2 } = bn254.fields;
const SECRETS = { alpha: 11n, beta: 13n, gamma: 17n, delta: 19n };

export interface ForgedPoints {
  readonly key: VerificationKey;
  /** A proof that verifies for these signals. @param blind another proof of the same claim */
  prove(signals: readonly bigint[], blind?: bigint): Proof;
  /** The C that makes the equation hold where e(A, B) is the power `product` of the pairing of the generators. */
  closing(signals: readonly bigint[], product: bigint): Proof['c'];
  /** As a verifier is handed it. */
  claimed(proof: Proof, signals: readonly bigint[]): { readonly proof: ProofJson; readonly publicSignals: string[] };
}

/** @param salt another key */
export function forgeKey(signals: number, salt = 0n): ForgedPoints {
  const ic = Array.from({ length: signals + 1 }, (_, i) => 23n + salt * 101n + BigInt(i) * 7n);
  const closing = (values: readonly bigint[], product: bigint): Proof['c'] => {
    const claim = values.reduce((sum, value, i) => sum + value * (ic[i + 1] ?? 0n), ic[0] ?? 0n);
    // product = alpha*beta + gamma*claim + delta*c
    const rest = product - SECRETS.alpha * SECRETS.beta - SECRETS.gamma * claim;
    return g1(Fr.div(Fr.create(rest), SECRETS.delta));
  };
  return {
    key: {
      protocol: 'groth16',
      curve: 'bn128',
      nPublic: signals,
      vk_alpha_1: text1(g1(SECRETS.alpha)),
      vk_beta_2: text2(g2(SECRETS.beta)),
      vk_gamma_2: text2(g2(SECRETS.gamma)),
      vk_delta_2: text2(g2(SECRETS.delta)),
      IC: ic.map((scalar) => text1(g1(scalar))),
    },
    prove: (values, blind = 3n) => ({ a: g1(blind), b: g2(5n), c: closing(values, blind * 5n) }),
    closing,
    claimed: (proof, values) => ({ proof: proofToJson(proof), publicSignals: values.map(String) }),
  };
}

/** Multiple of the generator. */
export function g1(scalar: bigint): Proof['a'] {
  const { x, y } = bn254.G1.Point.BASE.multiply(Fr.create(scalar)).toAffine();
  return [x, y];
}

/** Multiple of the generator. */
export function g2(scalar: bigint): Proof['b'] {
  const { x, y } = bn254.G2.Point.BASE.multiply(Fr.create(scalar)).toAffine();
  return [[x.c0, x.c1], [y.c0, y.c1]]; // prettier-ignore
}

/** A point of the twist and, as all but one in 2^254 of its points, outside the subgroup. @param from other for each */
export function outsideSubgroup(from = 1n): Proof['b'] {
  for (let c0 = from; ; c0++) {
    const x = Fp2.fromBigTuple([c0, 1n]);
    try {
      const y = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), bn254.G2.Point.CURVE().b));
      return [[x.c0, x.c1], [y.c0, y.c1]]; // prettier-ignore
    } catch {
      // no point has this x
    }
  }
}

function text1([x, y]: Proof['a']): VerificationKey['vk_alpha_1'] {
  return [`${x}`, `${y}`, '1'];
}

function text2([x, y]: Proof['b']): VerificationKey['vk_beta_2'] {
  return [[`${x[0]}`, `${x[1]}`], [`${y[0]}`, `${y[1]}`], ['1', '0']]; // prettier-ignore
}
