// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "miller_loop.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

struct ManyPairs {
  /** Product of the Miller values of all pairs. */
  Fq12 product;
  /** Is every point of G2 in the subgroup? */
  bool inSubgroup;
};

/**
 * The Miller loops of many pairs, side by side where the processor can.
 * @param points of the twist, none infinite
 * @param at as many points of G1
 */
ManyPairs pairMany(std::span<const AffineG2> points, std::span<const LinePoint<Fq>> at);

}  // namespace PHALANX_PATH
}  // namespace phalanx
