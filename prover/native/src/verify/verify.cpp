// SPDX-License-Identifier: GPL-3.0-or-later
#include "verify.hpp"

#include "../curve/subgroup.hpp"
#include "../groth16/equation.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

Verdict verify(const VerifyingKey& key, ProofWords words) {
  if (const Verdict fault = checkNumbers(words); fault != Verdict::valid) return fault;
  const Groth16Proof proof = readProof(words);
  const Verdict fault = checkCurves(proof);
  if (fault == Verdict::cOffCurve && !proof.b.isInfinity() && !inSubgroup(proof.b)) return Verdict::bOutsideSubgroup;
  if (fault != Verdict::valid) return fault;
  return verifyPoints(key, proof, words.subspan(proofCoordinates));
}

Verdict verifyPoints(const VerifyingKey& key, const Groth16Proof& proof, std::span<const Words> signals) {
  static constexpr Words once{1, 0, 0, 0};
  const EquationVerdict verdict =
      judgeEquation({key.gamma(), key.delta(), key.alphaBeta()}, proof, key.claim(once, signals));
  if (!verdict.bInSubgroup) return Verdict::bOutsideSubgroup;
  return verdict.holds ? Verdict::valid : refusalOf(proof);
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
