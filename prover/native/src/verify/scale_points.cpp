// SPDX-License-Identifier: GPL-3.0-or-later
#include "scale_points.hpp"

#include <algorithm>

#if defined(PHALANX_IFMA)
#include "../pairing/lane_pack.hpp"
#endif

namespace phalanx {
inline namespace PHALANX_PATH {

#if defined(PHALANX_IFMA)

namespace {

/** From each lane's table the entry that its own digit asks for: all entries are looked at, each lane keeps one. */
JacobianPoint<LaneFq> pickLanes(std::span<const BatchScalar> scalars, size_t digit,
                                const std::array<JacobianPoint<LaneFq>, 8>& table) {
  std::array<LaneMask, 8> wants{};
  LaneMask negative = 0;
  for (size_t lane = 0; lane < LaneFq::width; ++lane) {
    const int value = scalars[lane < scalars.size() ? lane : 0].form()[digit];
    wants[(value < 0 ? -value : value) / 2] |= LaneMask(1 << lane);
    negative |= LaneMask((value < 0) << lane);
  }
  JacobianPoint<LaneFq> picked = table[0];
  for (size_t i = 1; i < table.size(); ++i) {
    picked.x.value = select(wants[i], table[i].x.value, picked.x.value);
    picked.y.value = select(wants[i], table[i].y.value, picked.y.value);
    picked.z.value = select(wants[i], table[i].z.value, picked.z.value);
  }
  picked.y.value = reduce(negateRaw<3>(negative, picked.y.value));
  return picked;
}

}  // namespace

std::vector<JacobianG1> scalePoints(std::span<const AffineG1> points, std::span<const BatchScalar> scalars) {
  std::vector<JacobianG1> products;
  for (size_t i = 0; i < points.size(); i += LaneFq::width) {
    const size_t count = std::min(LaneFq::width, points.size() - i);
    const auto own = scalars.subspan(i, count);
    const auto lanes = unpack(multiplyOdd(pack(points.subspan(i, count)), [&](size_t digit, const auto& table) {
      return pickLanes(own, digit, table);
    }));
    products.insert(products.end(), lanes.begin(), lanes.begin() + count);
  }
  return products;
}

#else

std::vector<JacobianG1> scalePoints(std::span<const AffineG1> points, std::span<const BatchScalar> scalars) {
  std::vector<JacobianG1> products;
  for (size_t i = 0; i < points.size(); ++i)
    products.push_back(multiplyOdd(JacobianG1::from(points[i]), [&](size_t place, const auto& table) {
      const int digit = scalars[i].form()[place];
      return digit > 0 ? table[digit / 2] : neg(table[-digit / 2]);
    }));
  return products;
}

#endif

}  // namespace PHALANX_PATH
}  // namespace phalanx
