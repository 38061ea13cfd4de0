// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "element.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** c0 + c1*u with u^2 = -1: the field of G2's coordinates. EIP-197 writes c1 first, a .zkey c0, as here. */
struct Fq2 {
  Fq c0, c1;

  static constexpr Fq2 zero() { return {}; }
  static constexpr Fq2 one() { return {Fq::one(), Fq::zero()}; }
  /** xi = 9 + u, the non-residue by which the twist and the tower are made. */
  static constexpr Fq2 xi() { return {Fq::fromInteger(9), Fq::one()}; }

  constexpr bool isZero() const { return c0.isZero() && c1.isZero(); }
  constexpr bool isCanonical() const { return c0.isCanonical() && c1.isCanonical(); }
  friend constexpr bool operator==(const Fq2& a, const Fq2& b) { return a.c0 == b.c0 && a.c1 == b.c1; }
  friend constexpr Fq2 operator+(const Fq2& a, const Fq2& b) { return {a.c0 + b.c0, a.c1 + b.c1}; }
  friend constexpr Fq2 operator-(const Fq2& a, const Fq2& b) { return {a.c0 - b.c0, a.c1 - b.c1}; }
  friend constexpr Fq2 operator-(const Fq2& a) { return {-a.c0, -a.c1}; }
};

constexpr Fq2 add(const Fq2& a, const Fq2& b) { return a + b; }
constexpr Fq2 sub(const Fq2& a, const Fq2& b) { return a - b; }
constexpr Fq2 neg(const Fq2& a) { return -a; }
constexpr Fq2 dbl(const Fq2& a) { return a + a; }

#ifdef PHALANX_ASSEMBLY
/** q^2: added to a difference of products, it makes it positive. */
struct SquareOfModulus {
  [[gnu::visibility("hidden")]] static constexpr std::array<uint64_t, 8> value = squareWords(FqParameters::p);
};

/** Three products (Karatsuba) of eight words, and a reduction for each coefficient only. */
inline Fq2 mulAdx(const Fq2& a, const Fq2& b) {
  static_assert(FqParameters::step[3] < FqParameters::p[3] / 100 * 61, "the reduction takes numbers below 2q^2");
  uint64_t low[8], high[8], cross[8], sumA[4], sumB[4];
  mulWideAdx(low, a.c0.v, b.c0.v);
  mulWideAdx(high, a.c1.v, b.c1.v);
  addWordsAdx(sumA, a.c0.v, a.c1.v);
  addWordsAdx(sumB, b.c0.v, b.c1.v);
  mulWideAdx(cross, sumA, sumB);
  subWideAdx(cross, low);
  subWideAdx(cross, high); // a0*b1 + a1*b0 < 2q^2
  addWideAdx(low, SquareOfModulus::value.data());
  subWideAdx(low, high); // a0*b0 - a1*b1 + q^2 < 2q^2
  Fq2 product;
  reduceAdx<FqParameters>(product.c0.v, low);
  reduceAdx<FqParameters>(product.c1.v, cross);
  return product;
}

/** (a0 + a1)(a0 - a1) and (2*a0)*a1: sums are left below 2q, as a product may be below 2q^2. */
inline Fq2 sqrAdx(const Fq2& a) {
  uint64_t sum[4], twice[4];
  addWordsAdx(sum, a.c0.v, a.c1.v);
  addWordsAdx(twice, a.c0.v, a.c0.v);
  const Fq difference = a.c0 - a.c1;
  Fq2 square;
  mulAdx<FqParameters>(square.c0.v, sum, difference.v);
  mulAdx<FqParameters>(square.c1.v, twice, a.c1.v);
  return square;
}
#endif

constexpr Fq2 mul(const Fq2& a, const Fq2& b) {
#ifdef PHALANX_ASSEMBLY
  if (!std::is_constant_evaluated()) return mulAdx(a, b);
#endif
  const Fq low = a.c0 * b.c0, high = a.c1 * b.c1;
  return {low - high, (a.c0 + a.c1) * (b.c0 + b.c1) - low - high};
}

constexpr Fq2 sqr(const Fq2& a) {
#ifdef PHALANX_ASSEMBLY
  if (!std::is_constant_evaluated()) return sqrAdx(a);
#endif
  return {(a.c0 + a.c1) * (a.c0 - a.c1), dbl(a.c0 * a.c1)};
}

constexpr Fq2 operator*(const Fq2& a, const Fq2& b) { return mul(a, b); }
constexpr Fq2 mul(const Fq2& a, const Fq& b) { return {a.c0 * b, a.c1 * b}; }
/** a^q: Frobenius. */
constexpr Fq2 conjugate(const Fq2& a) { return {a.c0, -a.c1}; }

/** 1/a by the norm to Fq; 0 for 0. */
constexpr Fq2 inv(const Fq2& a) {
  const Fq inverseNorm = inv(sqr(a.c0) + sqr(a.c1));
  return mul(conjugate(a), inverseNorm);
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
