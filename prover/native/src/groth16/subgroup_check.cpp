// SPDX-License-Identifier: GPL-3.0-or-later
#include "subgroup_check.hpp"

#include <vector>

#include "../curve/subgroup.hpp"
#include "../msm/msm.hpp"
#include "../system_random.hpp"
#include "checked_blocks.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

constexpr int SUMS = 8;
constexpr unsigned FACTOR_BITS = 15;

}  // namespace

size_t findOutsideSubgroup(std::span<const AffineG2> points, const PreparedPoints<Fq2>& prepared, ThreadPool& pool,
                           const CancelToken& cancel) {
  HugeBuffer<Words> factors(points.size());
  std::vector<uint16_t> random(points.size());
  bool sound = true;
  for (int i = 0; i < SUMS && sound; i++) {
    // Not known beforehand, or points could be chosen to cancel out.
    fillRandom(random.data(), random.size() * sizeof random[0]);
    for (size_t j = 0; j < points.size(); j++) factors[j] = {random[j] & ((1u << FACTOR_BITS) - 1), 0, 0, 0};
    sound = inSubgroup(toAffine(msm(prepared, std::span<const Words>(factors.span()), pool, cancel)));
  }
  if (sound) return points.size();
  return firstRefused(points.size(), pool, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++) {
      cancel.check();
      if (!inSubgroup(points[i])) return i;
    }
    return end;
  });
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
