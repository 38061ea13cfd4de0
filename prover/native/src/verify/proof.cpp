// SPDX-License-Identifier: GPL-3.0-or-later
#include "proof.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

Verdict checkNumbers(ProofWords words) {
  for (const Words& signal : words.subspan(proofCoordinates))
    if (!lessThan(signal, FrParameters::p)) return Verdict::signalOutOfField;
  for (const Words& coordinate : words.first(proofCoordinates))
    if (!lessThan(coordinate, FqParameters::p)) return Verdict::coordinateOutOfField;
  return Verdict::valid;
}

Groth16Proof readProof(ProofWords words) {
  const auto at = [&](size_t i) { return Fq::fromCanonical(words[i]); };
  return {.a = {at(0), at(1)}, .b = {{at(2), at(3)}, {at(4), at(5)}}, .c = {at(6), at(7)}};
}

Verdict checkCurves(const Groth16Proof& proof) {
  if (!onCurve(proof.a)) return Verdict::aOffCurve;
  if (!onCurve(proof.b)) return Verdict::bOffCurve;
  if (!onCurve(proof.c)) return Verdict::cOffCurve;
  return Verdict::valid;
}

Verdict refusalOf(const Groth16Proof& proof) {
  if (proof.a.isInfinity()) return Verdict::aAtInfinity;
  if (proof.b.isInfinity()) return Verdict::bAtInfinity;
  if (proof.c.isInfinity()) return Verdict::cAtInfinity;
  return Verdict::pairing;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
