// SPDX-License-Identifier: GPL-3.0-or-later
import type { Proof } from '../protocol/proof.ts';
import type { VerificationKey } from '../protocol/verification-key.ts';

/** What is said of a proof whose numbers have no fault. */
export type PointsVerdict =
  | { readonly fault: undefined }
  | {
      readonly fault: 'POINT_OFF_CURVE' | 'POINT_OUTSIDE_SUBGROUP' | 'POINT_AT_INFINITY';
      readonly point: 'pi_a' | 'pi_b' | 'pi_c';
    }
  | { readonly fault: 'PAIRING' };

/** Judges the points of one key's proofs. */
export interface PointsVerifier {
  /** @param signals in [0, r), as many as the key has */
  judge(proof: Proof, signals: readonly bigint[]): Promise<PointsVerdict>;

  /** Many at once: may be faster than one after another. In the order of the proofs. */
  judgeMany(proofs: readonly { proof: Proof; signals: readonly bigint[] }[]): Promise<readonly PointsVerdict[]>;
}

/**
 * Makes a verifier for a key.
 * @throws InvalidFieldError when the key is malformed or a point is not in its group
 */
export type PreparePoints = (key: VerificationKey) => Promise<PointsVerifier>;
