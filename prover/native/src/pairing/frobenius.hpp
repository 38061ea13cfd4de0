// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "constants.hpp"
#include "fq12.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** a^p. */
template <class F2> Tower<F2> frobenius(const Tower<F2>& a) {
  const auto factor = [](int i) -> decltype(auto) { return Spread<F2>::frobenius(i); };
  return {{conjugate(a.c0.c0), conjugate(a.c0.c1) * factor(2), conjugate(a.c0.c2) * factor(4)},
          {conjugate(a.c1.c0) * factor(1), conjugate(a.c1.c1) * factor(3), conjugate(a.c1.c2) * factor(5)}};
}

/** a^(p^2). */
template <class F2> Tower<F2> frobeniusSquare(const Tower<F2>& a) { return frobenius(frobenius(a)); }

}  // namespace PHALANX_PATH
}  // namespace phalanx
