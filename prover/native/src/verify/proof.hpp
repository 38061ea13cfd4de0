// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../curve/point.hpp"
#include "verdict.hpp"

#include <span>

namespace phalanx {
inline namespace PHALANX_PATH {

/** Numbers of a proof and its signals: A (x, y), B (x0, x1, y0, y1), C (x, y), then the signals. */
using ProofWords = std::span<const Words>;
inline constexpr size_t proofCoordinates = 8;

/** A proof's points; on their curves or infinite if `readProof` says `valid` of them. */
struct Proof {
  AffineG1 a, c;
  AffineG2 b;
};

/** First fault of the numbers themselves, `valid` if there is none. */
Verdict checkNumbers(ProofWords words);

/** @param words which have no fault */
Proof readProof(ProofWords words);

/** `aOffCurve`, `bOffCurve`, `cOffCurve`, `valid`; whether B is in its subgroup is for the Miller loop to say. */
Verdict checkCurves(const Proof& proof);

/** Which point is at infinity: what is told if the equation does not hold. */
Verdict refusalOf(const Proof& proof);

}  // namespace PHALANX_PATH
}  // namespace phalanx
