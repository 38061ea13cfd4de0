// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "../field/lanes.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

using FrLanes = Lanes<FrParameters>;

/** Powers of roots of unity for transforms of every size up to one, each size's one after another. */
class RootTable {
 public:
  /** @param root primitive root of unity of order 2^log, log >= 1 */
  RootTable(unsigned log, Fr root) : powers_(size_t{1} << log) {
    for (size_t size = powers_.size(); size >= 2; size /= 2, root = sqr(root)) {
      Fr power = Fr::one();
      for (size_t i = 0; i < size / 2; i++, power = mul(power, root)) powers_[size / 2 + i] = laneConstant(power);
    }
  }

  /** w^i for i < size/2, w of order `size`. */
  const FrLanes::Constant* of(size_t size) const { return powers_.data() + size / 2; }

  size_t bytes() const { return powers_.capacity() * sizeof(FrLanes::Constant); }

 private:
  std::vector<FrLanes::Constant> powers_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
