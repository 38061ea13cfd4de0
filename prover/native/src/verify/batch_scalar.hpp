// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../curve/point.hpp"

#include <array>

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * An odd number below 2^129: one of 2^128. As 33 odd digits of base 16 between -15 and 15, none of which is zero, it
 * multiplies points without a branch.
 */
class BatchScalar {
 public:
  static constexpr size_t digits = 33;

  /** 2n + 1 for a random n below 2^128. */
  explicit BatchScalar(const std::array<uint64_t, 2>& n);

  /** Least significant first; the last is positive. */
  const std::array<int8_t, digits>& form() const { return form_; }
  Words number() const { return number_; }

 private:
  Words number_;
  std::array<int8_t, digits> form_;
};

/** p + q where p is neither q nor -q, and neither is infinite. */
template <class F> JacobianPoint<F> addNoCheck(const JacobianPoint<F>& p, const JacobianPoint<F>& q) {
  const F zp = sqr(p.z), zq = sqr(q.z);
  const F u = p.x * zq, s = p.y * (q.z * zq);
  const F h = q.x * zp - u, r = q.y * (p.z * zp) - s;
  const F hh = sqr(h), hhh = h * hh, v = u * hh;
  const F x = sqr(r) - hhh - dbl(v);
  return {x, r * (v - x) - s * hhh, p.z * q.z * h};
}

/**
 * scalar * point, for a point of order r that is not infinite.
 *
 * No sum is exceptional: the two multiples of the point that are added are different and not opposite as integers below
 * 2^130, so they are so modulo r. In the table they are 2 and an odd number; in the loop a multiple of 16, at least 16,
 * and at most 15.
 * @param pick (i, table): what digit i of the scalar asks for of the table of 1, 3, ... 15 times the point
 */
template <class F, class PickDigit> JacobianPoint<F> multiplyOdd(const JacobianPoint<F>& point, const PickDigit& pick) {
  const JacobianPoint<F> twice = dbl(point);
  std::array<JacobianPoint<F>, 8> table{point, point, point, point, point, point, point, point};
  for (size_t i = 1; i < table.size(); ++i) table[i] = addNoCheck(table[i - 1], twice);
  JacobianPoint<F> product = pick(BatchScalar::digits - 1, table);
  for (size_t i = BatchScalar::digits - 1; i-- > 0;) {
    for (int bit = 0; bit < 4; ++bit) product = dbl(product);
    product = addNoCheck(product, pick(i, table));
  }
  return product;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
