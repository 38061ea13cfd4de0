// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../groth16/proof.hpp"
#include "verdict.hpp"

#include <span>

namespace phalanx {
inline namespace PHALANX_PATH {

/** Numbers of a proof and its signals: A (x, y), B (x0, x1, y0, y1), C (x, y), then the signals. */
using ProofWords = std::span<const Words>;
inline constexpr size_t proofCoordinates = 8;

/** First fault of the numbers themselves, `valid` if there is none. */
Verdict checkNumbers(ProofWords words);

/** Points that may be off their curves, or infinite. @param words which have no fault */
Groth16Proof readProof(ProofWords words);

/** `aOffCurve`, `bOffCurve`, `cOffCurve`, `valid`; whether B is in its subgroup is for the Miller loop to say. */
Verdict checkCurves(const Groth16Proof& proof);

/** Which point is at infinity: what is told if the equation does not hold. */
Verdict refusalOf(const Groth16Proof& proof);

}  // namespace PHALANX_PATH
}  // namespace phalanx
