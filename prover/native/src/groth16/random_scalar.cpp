// SPDX-License-Identifier: GPL-3.0-or-later
#include "random_scalar.hpp"

#include "../system_random.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

Words randomScalar() {
  Words scalar;
  // r lies between 2^253 and 2^254: 254 random bits are below it three times in four.
  do {
    fillRandom(scalar.data(), sizeof scalar);
    scalar[3] &= (uint64_t{1} << 62) - 1;
  } while (!lessThan(scalar, FrParameters::p));
  return scalar;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
