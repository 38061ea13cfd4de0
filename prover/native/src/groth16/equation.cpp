// SPDX-License-Identifier: GPL-3.0-or-later
#include "equation.hpp"

#include <array>
#include <span>

#include "../pairing/final_exponentiation.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

EquationVerdict judgeEquation(const EquationKey& key, const Groth16Proof& proof, const JacobianG1& claim) {
  const bool pairsB = !proof.a.isInfinity() && !proof.b.isInfinity();
  std::array<Fq, 3> inverses{proof.a.y, claim.isInfinity() ? Fq::zero() : claim.y, proof.c.y};
  invertBatch<Fq>(inverses);

  std::array<FreePair<Fq2>, 1> free{freePair(proof.b, linePoint(neg(proof.a), -inverses[0]))};
  std::array<FixedPair<Fq2>, 2> fixed;
  size_t fixedCount = 0;
  if (!claim.isInfinity()) fixed[fixedCount++] = {&key.gamma, linePoint(claim, inverses[1])};
  if (!proof.c.isInfinity()) fixed[fixedCount++] = {&key.delta, linePoint(proof.c, inverses[2])};

  const Fq12 product = millerLoop<Fq2>(std::span(free).first(pairsB ? 1 : 0), std::span(fixed).first(fixedCount));
  // The loop says of the points it has walked whether they are in the subgroup.
  if (pairsB ? !inSubgroup(free[0]) : !proof.b.isInfinity() && !inSubgroup(proof.b)) return {false, false};
  return {true, finalExponentiation(product * key.alphaBeta) == Fq12::one()};
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
