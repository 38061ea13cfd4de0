// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <span>
#include <vector>

#include "curve/point.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Sum of scalar times point, by the plain bucket method: unsigned windows of 8 bits. */
template <class F>
JacobianPoint<F> referenceMsm(std::span<const AffinePoint<F>> points, std::span<const std::array<uint64_t, 4>> scalars) {
  constexpr size_t WINDOWS = 32;
  JacobianPoint<F> total = JacobianPoint<F>::infinity();
  for (size_t window = WINDOWS; window-- > 0;) {
    std::vector<JacobianPoint<F>> buckets(256, JacobianPoint<F>::infinity());
    for (size_t i = 0; i < scalars.size(); i++) {
      const size_t digit = scalars[i][window / 8] >> (8 * (window % 8)) & 255;
      if (digit) buckets[digit] = add(buckets[digit], points[i]);
    }
    JacobianPoint<F> running = JacobianPoint<F>::infinity(), sum = running;
    for (size_t digit = 255; digit > 0; digit--) {
      running = add(running, buckets[digit]);
      sum = add(sum, running);
    }
    for (int i = 0; i < 8; i++) total = dbl(total);
    total = add(total, sum);
  }
  return total;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
