// SPDX-License-Identifier: GPL-3.0-or-later
#include "proof_check.hpp"

#include "../msm/msm.hpp"
#include "equation.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

template <class F>
bool sound(const AffinePoint<F>& point) {
  return !point.isInfinity() && onCurve(point);
}

Fq12 millerValue(const AffineG1& p, const AffineG2& q) {
  const PreparedG2 lines = prepareG2(q);
  const FixedPair<Fq2> pair{&lines, linePoint(p, inv(p.y))};
  return millerLoop<Fq2>({}, {&pair, 1});
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
  const JacobianG1 claim = msm(inputPoints_, inputs, pool, cancel);
  const EquationVerdict verdict = judgeEquation({gamma_, delta_, alphaBeta_}, proof, claim);
  return verdict.bInSubgroup && verdict.holds;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
