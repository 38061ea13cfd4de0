// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../pairing/lane_pack.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** What eight verifications side by side take of a key. */
struct LaneKey {
  PreparedLines<LaneConstant> gamma, delta;
  /** Miller value of (alpha, beta) in every lane. */
  Tower<LaneFq2> alphaBeta;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
