// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../curve/point.hpp"

#include <array>

namespace phalanx {
inline namespace PHALANX_PATH {

/** xi^(i*(p-1)/6) for i = 0 to 5: what w^i is multiplied by when it is raised to the power p. */
inline constexpr std::array<Fq2, 6> frobeniusFactors = [] {
  const Words sixth = divideWords(FqParameters::p, 6); // p = 1 modulo 6
  std::array<Fq2, 6> factors{Fq2::one(), Fq2::one()};
  factors[1] = pow(Fq2::xi(), sixth);
  for (int i = 2; i < 6; ++i) factors[i] = factors[i - 1] * factors[1];
  return factors;
}();

/** 3b of the twist. */
inline constexpr Fq2 twistB3 = dbl(curveB<Fq2>) + curveB<Fq2>;

/**
 * Constants in the form that F2 computes with. F2 is Fq2, or several of its elements side by side, which then have a
 * specialisation of their own.
 */
template <class F2> struct Spread {
  static_assert(std::is_same_v<F2, Fq2>);
  using Constant = Fq2;

  static constexpr const Fq2& spread(const Fq2& constant) { return constant; }
  static constexpr const Fq2& frobenius(int i) { return frobeniusFactors[i]; }
  static constexpr const Fq2& b3() { return twistB3; }
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
