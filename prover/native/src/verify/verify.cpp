// SPDX-License-Identifier: GPL-3.0-or-later
#include "verify.hpp"

#include "../pairing/final_exponentiation.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

Verdict verify(const VerifyingKey& key, ProofWords words) {
  if (const Verdict fault = checkNumbers(words); fault != Verdict::valid) return fault;
  const Proof proof = readProof(words);
  const Verdict fault = checkCurves(proof);
  if (fault == Verdict::cOffCurve && !proof.b.isInfinity() && !inSubgroup(proof.b)) return Verdict::bOutsideSubgroup;
  if (fault != Verdict::valid) return fault;
  return verifyPoints(key, proof, words.subspan(proofCoordinates));
}

/**
 * e(-A, B) * e(claim, gamma) * e(C, delta) * e(alpha, beta) = 1 (Groth16, section 3.2), in one Miller loop and one
 * final exponentiation. A pair with infinity is left out: the loop is not defined there, and the pairing is one.
 */
Verdict verifyPoints(const VerifyingKey& key, const Proof& proof, std::span<const Words> signals) {
  static constexpr Words once{1, 0, 0, 0};
  const JacobianG1 claim = key.claim(once, signals);
  const bool pairsB = !proof.a.isInfinity() && !proof.b.isInfinity();
  std::array<Fq, 3> inverses{proof.a.y, claim.isInfinity() ? Fq::zero() : claim.y, proof.c.y};
  invertBatch<Fq>(inverses);

  std::array<FreePair<Fq2>, 1> free{freePair(proof.b, linePoint(neg(proof.a), -inverses[0]))};
  std::array<FixedPair<Fq2>, 2> fixed;
  size_t fixedCount = 0;
  if (!claim.isInfinity()) fixed[fixedCount++] = {&key.gamma(), linePoint(claim, inverses[1])};
  if (!proof.c.isInfinity()) fixed[fixedCount++] = {&key.delta(), linePoint(proof.c, inverses[2])};

  const Fq12 product = millerLoop<Fq2>(std::span(free).first(pairsB ? 1 : 0), std::span(fixed).first(fixedCount));
  if (pairsB ? !inSubgroup(free[0]) : !proof.b.isInfinity() && !inSubgroup(proof.b)) return Verdict::bOutsideSubgroup;
  return finalExponentiation(product * key.alphaBeta()) == Fq12::one() ? Verdict::valid : refusalOf(proof);
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
