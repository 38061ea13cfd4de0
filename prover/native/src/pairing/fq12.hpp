// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fq6.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** c0 + c1*w over the cubic tower, w^2 = v: the pairing's values. */
template <class F2> struct Tower {
  CubicTower<F2> c0, c1;

  static constexpr Tower one() { return {CubicTower<F2>::one(), CubicTower<F2>::zero()}; }
};

using Fq12 = Tower<Fq2>;

constexpr bool operator==(const CubicTower<Fq2>& a, const CubicTower<Fq2>& b) {
  return a.c0 == b.c0 && a.c1 == b.c1 && a.c2 == b.c2;
}
constexpr bool operator==(const Fq12& a, const Fq12& b) { return a.c0 == b.c0 && a.c1 == b.c1; }

/** Karatsuba: 18 products of F2. */
template <class F2> Tower<F2> operator*(const Tower<F2>& a, const Tower<F2>& b) {
  const CubicTower<F2> low = a.c0 * b.c0, high = a.c1 * b.c1;
  return {low + mulByV(high), (a.c0 + a.c1) * (b.c0 + b.c1) - low - high};
}

/** a^2 as a square of complex numbers: 12 products of F2. */
template <class F2> Tower<F2> sqr(const Tower<F2>& a) {
  const CubicTower<F2> product = a.c0 * a.c1;
  return {(a.c0 + a.c1) * (a.c0 + mulByV(a.c1)) - product - mulByV(product), product + product};
}

/** a^(p^6): the inverse, if a's norm to the cubic tower is one. */
template <class F2> Tower<F2> conjugate(const Tower<F2>& a) { return {a.c0, -a.c1}; }

/** 1/a; 0 for 0. */
template <class F2> Tower<F2> inv(const Tower<F2>& a) {
  const CubicTower<F2> inverseNorm = inv(a.c0 * a.c0 - mulByV(a.c1 * a.c1));
  return {a.c0 * inverseNorm, -(a.c1 * inverseNorm)};
}

/** a * (l0 + (l1 + l2*v)*w): a line through points of the twist, at a point of G1. 13 products of F2. */
template <class F2> Tower<F2> mulByLine(const Tower<F2>& a, const F2& l0, const F2& l1, const F2& l2) {
  const CubicTower<F2> low = mulByBase(a.c0, l0), high = mulBySparse(a.c1, l1, l2);
  return {low + mulByV(high), mulBySparse(a.c0 + a.c1, l0 + l1, l2) - low - high};
}

/** a * (1 + (l1 + l2*v)*w): the same line, scaled; 10 products of F2. */
template <class F2> Tower<F2> mulByUnitLine(const Tower<F2>& a, const F2& l1, const F2& l2) {
  return {a.c0 + mulByV(mulBySparse(a.c1, l1, l2)), a.c1 + mulBySparse(a.c0, l1, l2)};
}

/**
 * a^2 for a of order dividing p^4 - p^2 + 1, which everything is after the easy part of the final exponentiation: 9
 * squares of F2 (Granger and Scott, "Faster Squaring in the Cyclotomic Subgroup of Sixth Degree Extensions", section
 * 3.2).
 */
template <class F2> Tower<F2> cyclotomicSquare(const Tower<F2>& a) {
  // Three squares in F2[y]/(y^2 - xi): of (g, h), the first and second part.
  struct Square {
    F2 first, second;
  };
  const auto square = [](const F2& g, const F2& h) -> Square {
    const F2 gg = sqr(g), hh = sqr(h);
    return {gg + mulByXi(hh), sqr(g + h) - gg - hh};
  };
  const auto tripleLess = [](const F2& s, const F2& z) { return dbl(s - z) + s; }; // 3s - 2z
  const auto tripleMore = [](const F2& s, const F2& z) { return dbl(s + z) + s; }; // 3s + 2z
  const Square a0 = square(a.c0.c0, a.c1.c1), a1 = square(a.c1.c0, a.c0.c2), a2 = square(a.c0.c1, a.c1.c2);
  return {{tripleLess(a0.first, a.c0.c0), tripleLess(a1.first, a.c0.c1), tripleLess(a2.first, a.c0.c2)},
          {tripleMore(mulByXi(a2.second), a.c1.c0), tripleMore(a0.second, a.c1.c1), tripleMore(a1.second, a.c1.c2)}};
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
