// SPDX-License-Identifier: GPL-3.0-or-later
#include "proof_check.hpp"

#include <array>

#include "../msm/msm.hpp"
#include "../pairing/final_exponentiation.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

template <class F>
bool sound(const AffinePoint<F>& point) {
  return !point.isInfinity() && onCurve(point);
}

FixedPair<Fq2> pairWith(const PreparedG2& lines, const AffineG1& point) { return {&lines, linePoint(point, inv(point.y))}; }

Fq12 millerValue(const AffineG1& p, const AffineG2& q) {
  const PreparedG2 lines = prepareG2(q);
  const std::array<FixedPair<Fq2>, 1> pair{pairWith(lines, p)};
  return millerLoop<Fq2>({}, pair);
}

}  // namespace

ProofCheck::ProofCheck(const ZkeyHeader& header, std::span<const AffineG1> inputPoints, ThreadPool& pool)
    : inputPoints_(inputPoints, pool),
      gamma_(prepareG2(header.gamma2)),
      delta_(prepareG2(header.delta2)),
      alphaBeta_(millerValue(header.alpha1, header.beta2)) {}

bool ProofCheck::holds(const Groth16Proof& proof, std::span<const Words> inputs, ThreadPool& pool,
                       const CancelToken& cancel) const {
  if (!sound(proof.a) || !sound(proof.b) || !sound(proof.c)) return false;
  const AffineG1 claim = toAffine(msm(inputPoints_, inputs, pool, cancel));
  const AffineG1 minusA = neg(proof.a);
  std::array<FreePair<Fq2>, 1> free{freePair(proof.b, linePoint(minusA, inv(minusA.y)))};
  // Infinity pairs to one, and the loop has no line for it: such a claim is left out.
  const std::array<FixedPair<Fq2>, 2> fixed{pairWith(delta_, proof.c),
                                            pairWith(gamma_, claim.isInfinity() ? proof.c : claim)};
  const Fq12 product = millerLoop<Fq2>(free, std::span(fixed).first(claim.isInfinity() ? 1 : 2));
  return inSubgroup(free[0]) && finalExponentiation(product * alphaBeta_) == Fq12::one();
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
