// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../curve/point.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Groth16, "On the Size of Pairing-based Non-interactive Arguments", 3.2. */
struct Groth16Proof {
  AffineG1 a;
  AffineG2 b;
  AffineG1 c;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
