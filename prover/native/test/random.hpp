// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <random>

#include "field/element.hpp"

/// Numbers that look random, the same in every run.
namespace phalanx_test {

inline std::mt19937_64 random64{11};

/** Uniform in [0, r). */
inline phalanx::Words randomScalar() {
  for (;;) {
    const phalanx::Words s{random64(), random64(), random64(), random64() >> 2};
    if (phalanx::lessThan(s, phalanx::FrParameters::p)) return s;
  }
}

}  // namespace phalanx_test
