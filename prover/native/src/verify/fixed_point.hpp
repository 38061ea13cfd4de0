// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../curve/point.hpp"

#include <vector>

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * A point of G1 with a table of its multiples, for products with many scalars: one mixed addition for every seven bits.
 */
class FixedPoint {
 public:
  explicit FixedPoint(const AffineG1& point);

  /** sum + scalar * point, scalar in [0, r). */
  JacobianG1 addProduct(JacobianG1 sum, const Words& scalar) const;

 private:
  static constexpr unsigned windowBits = 7;
  static constexpr unsigned windows = (254 + windowBits) / windowBits; // the last takes the carry
  static constexpr unsigned digits = 1 << (windowBits - 1);

  /** Multiples 1 to `digits` of 2^(7w) * point, window after window. */
  std::vector<AffineG1> multiples_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
