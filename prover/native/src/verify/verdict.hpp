// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../path.hpp"

#include <cstdint>

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * What is said of a proof; prover/native-verifier.ts reads the numbers. Of several faults the first in this order is
 * told.
 */
enum class Verdict : uint8_t {
  valid = 0,
  signalOutOfField,
  coordinateOutOfField,
  aOffCurve,
  bOffCurve,
  bOutsideSubgroup,
  cOffCurve,
  /** The equation does not hold, and this is the first point at infinity. */
  aAtInfinity,
  bAtInfinity,
  cAtInfinity,
  /** The equation does not hold. */
  pairing,
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
