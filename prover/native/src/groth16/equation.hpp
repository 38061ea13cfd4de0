// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../pairing/miller_loop.hpp"
#include "proof.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** What the equation takes of a verification key. */
struct EquationKey {
  const PreparedG2& gamma;
  const PreparedG2& delta;
  /** Miller value of (alpha, beta) */
  const Fq12& alphaBeta;
};

struct EquationVerdict {
  /** Is B in the subgroup of order r? Infinity is. */
  bool bInSubgroup;
  /** Means nothing where B is not. */
  bool holds;
};

/**
 * e(-A, B) * e(claim, gamma) * e(C, delta) * e(alpha, beta) = 1 (Groth16, 3.2), in one Miller loop and one final
 * exponentiation. A pair with infinity is left out: the loop is not defined there, and the pairing is one.
 * @param proof points on their curves, or infinite
 * @param claim the sum of the public inputs times the key's points for them
 */
EquationVerdict judgeEquation(const EquationKey& key, const Groth16Proof& proof, const JacobianG1& claim);

}  // namespace PHALANX_PATH
}  // namespace phalanx
