// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "element.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** c0 + c1*u with u^2 = -1: the field of G2's coordinates (EIP-197, which writes c1 first; a .zkey has c0 first, as here). */
struct Fq2 {
  Fq c0, c1;

  static constexpr Fq2 zero() { return {}; }
  static constexpr Fq2 one() { return {Fq::one(), Fq::zero()}; }
  /** xi = 9 + u, the non-residue by which the twist and the tower are made. */
  static constexpr Fq2 xi() { return {Fq::fromInteger(9), Fq::one()}; }

  constexpr bool isZero() const { return c0.isZero() && c1.isZero(); }
  constexpr bool isCanonical() const { return c0.isCanonical() && c1.isCanonical(); }
  friend constexpr bool operator==(const Fq2 &a, const Fq2 &b) { return a.c0 == b.c0 && a.c1 == b.c1; }
  friend constexpr Fq2 operator+(const Fq2 &a, const Fq2 &b) { return {a.c0 + b.c0, a.c1 + b.c1}; }
  friend constexpr Fq2 operator-(const Fq2 &a, const Fq2 &b) { return {a.c0 - b.c0, a.c1 - b.c1}; }
  friend constexpr Fq2 operator-(const Fq2 &a) { return {-a.c0, -a.c1}; }
  friend constexpr Fq2 operator*(const Fq2 &a, const Fq2 &b) {
    // Karatsuba: three products for four.
    const Fq low = a.c0 * b.c0, high = a.c1 * b.c1;
    return {low - high, (a.c0 + a.c1) * (b.c0 + b.c1) - low - high};
  }
};

constexpr Fq2 add(const Fq2 &a, const Fq2 &b) { return a + b; }
constexpr Fq2 sub(const Fq2 &a, const Fq2 &b) { return a - b; }
constexpr Fq2 neg(const Fq2 &a) { return -a; }
constexpr Fq2 dbl(const Fq2 &a) { return a + a; }
constexpr Fq2 mul(const Fq2 &a, const Fq2 &b) { return a * b; }
constexpr Fq2 mul(const Fq2 &a, const Fq &b) { return {a.c0 * b, a.c1 * b}; }
constexpr Fq2 sqr(const Fq2 &a) { return {(a.c0 + a.c1) * (a.c0 - a.c1), dbl(a.c0 * a.c1)}; }
/** a^q: Frobenius. */
constexpr Fq2 conjugate(const Fq2 &a) { return {a.c0, -a.c1}; }

/** 1/a by the norm to Fq; 0 for 0. */
constexpr Fq2 inv(const Fq2 &a) {
  const Fq inverseNorm = inv(sqr(a.c0) + sqr(a.c1));
  return mul(conjugate(a), inverseNorm);
}

} // namespace PHALANX_PATH
} // namespace phalanx
