// SPDX-License-Identifier: GPL-3.0-or-later
#if defined(PHALANX_IFMA)
#include "lane_fq2.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

// All operands are below 2.1: of a product c0 is below 2 + 4.5/84 and c1 below 1 + 9/84; of a square both are below
// 1.3.

LaneFq2 operator*(const LaneFq2& a, const LaneFq2& b) {
  const LanesFq2 product = mul(LanesFq2{a.c0.value, a.c1.value}, LanesFq2{b.c0.value, b.c1.value});
  return {{product.c0}, {product.c1}};
}

LaneFq2 sqr(const LaneFq2& a) {
  const LanesFq2 square = sqr(LanesFq2{a.c0.value, a.c1.value});
  return {{square.c0}, {square.c1}};
}

LaneFq2 mul(const LaneFq2& a, const LaneFq& b) {
  const LaneFq::Value left[2] = {a.c0.value, a.c1.value}, right[2] = {b.value, b.value};
  LaneFq::Value product[2];
  mulN<2>(product, left, right);
  return {{product[0]}, {product[1]}};
}

LaneFq2 inv(const LaneFq2& a) {
  auto norms = toElements(sqr(a.c0) + sqr(a.c1));
  invertBatch<Fq>(norms);
  return mul(conjugate(a), fromElements(norms));
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
#endif
