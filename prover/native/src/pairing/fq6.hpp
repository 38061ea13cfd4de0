// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../field/fq2.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** a * xi, xi = 9 + u. */
template <class F2> constexpr F2 mulByXi(const F2& a) {
  const auto low = dbl(dbl(dbl(a.c0))) + a.c0, high = dbl(dbl(dbl(a.c1))) + a.c1;
  return {low - a.c1, high + a.c0};
}

/**
 * c0 + c1*v + c2*v^2 over F2, v^3 = xi.
 * @tparam F2 Fq2, or several of its elements side by side
 */
template <class F2> struct CubicTower {
  F2 c0, c1, c2;

  static constexpr CubicTower zero() { return {F2::zero(), F2::zero(), F2::zero()}; }
  static constexpr CubicTower one() { return {F2::one(), F2::zero(), F2::zero()}; }
};

template <class F2> constexpr CubicTower<F2> operator+(const CubicTower<F2>& a, const CubicTower<F2>& b) {
  return {a.c0 + b.c0, a.c1 + b.c1, a.c2 + b.c2};
}
template <class F2> constexpr CubicTower<F2> operator-(const CubicTower<F2>& a, const CubicTower<F2>& b) {
  return {a.c0 - b.c0, a.c1 - b.c1, a.c2 - b.c2};
}
template <class F2> constexpr CubicTower<F2> operator-(const CubicTower<F2>& a) { return {-a.c0, -a.c1, -a.c2}; }

/** a * v. */
template <class F2> constexpr CubicTower<F2> mulByV(const CubicTower<F2>& a) { return {mulByXi(a.c2), a.c0, a.c1}; }

/** Karatsuba: 6 products. */
template <class F2> constexpr CubicTower<F2> operator*(const CubicTower<F2>& a, const CubicTower<F2>& b) {
  const F2 low = a.c0 * b.c0, middle = a.c1 * b.c1, high = a.c2 * b.c2;
  return {mulByXi((a.c1 + a.c2) * (b.c1 + b.c2) - middle - high) + low,
          (a.c0 + a.c1) * (b.c0 + b.c1) - low - middle + mulByXi(high),
          (a.c0 + a.c2) * (b.c0 + b.c2) - low - high + middle};
}

/** a * (b0 + b1*v): 5 products. */
template <class F2> constexpr CubicTower<F2> mulBySparse(const CubicTower<F2>& a, const F2& b0, const F2& b1) {
  const F2 low = a.c0 * b0, middle = a.c1 * b1;
  return {mulByXi(a.c2 * b1) + low, (a.c0 + a.c1) * (b0 + b1) - low - middle, a.c2 * b0 + middle};
}

template <class F2> constexpr CubicTower<F2> mulByBase(const CubicTower<F2>& a, const F2& b) {
  return {a.c0 * b, a.c1 * b, a.c2 * b};
}

/** 1/a; 0 for 0. */
template <class F2> constexpr CubicTower<F2> inv(const CubicTower<F2>& a) {
  // The adjoint over the norm (Beuchat and others, "High-Speed Software Implementation of the Optimal Ate Pairing",
  // alg. 17).
  const F2 t0 = sqr(a.c0) - mulByXi(a.c1 * a.c2);
  const F2 t1 = mulByXi(sqr(a.c2)) - a.c0 * a.c1;
  const F2 t2 = sqr(a.c1) - a.c0 * a.c2;
  return mulByBase(CubicTower<F2>{t0, t1, t2}, inv(a.c0 * t0 + mulByXi(a.c2 * t1 + a.c1 * t2)));
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
