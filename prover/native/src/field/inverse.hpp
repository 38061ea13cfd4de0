// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>

#include "parameters.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/*
 * The inverse modulo p by Bernstein and Yang's division steps ("Fast constant-time gcd computation and modular
 * inversion", 2019), here in variable time.
 *
 * f and g begin as p and a; d and e follow them, so that f = d*a and g = e*a modulo p up to a power of two. Sixty-two
 * steps look at the lowest words only and give a matrix, which is then applied to the four numbers. When g is 0, f is 1
 * or -1 and d or -d the inverse.
 */

__extension__ typedef __int128 int128_t;

/** (u, v; q, r) * 2^-62, what 62 division steps do to (f, g). |u| + |v| and |q| + |r| are at most 2^62. */
struct DivisionMatrix {
  int64_t u, v, q, r;
};

/** @param delta Bernstein and Yang's, taken on from batch to batch; 1 at first */
constexpr DivisionMatrix divisionSteps(int64_t& delta, uint64_t f, uint64_t g) {
  constexpr int STEPS = 62;
  // Unsigned, as shifts to the left of negative numbers go by.
  uint64_t u = 1, v = 0, q = 0, r = 1;
  int left = STEPS;
  for (;;) {
    // Every zero at the end of g is a step that halves g.
    const int zeros = std::countr_zero(g | ~uint64_t{0} << left);
    g >>= zeros;
    u <<= zeros;
    v <<= zeros;
    delta += zeros;
    left -= zeros;
    if (left == 0) return {int64_t(u), int64_t(v), int64_t(q), int64_t(r)};
    if (delta > 0) {
      delta = -delta;
      const uint64_t oldF = f, oldU = u, oldV = v;
      f = g;
      g = 0 - oldF;
      u = q;
      q = 0 - oldU;
      v = r;
      r = 0 - oldV;
    }
    // The next 1 - delta steps only add f to g or not: one multiple of f clears as many bits of g at once, six at most,
    // as f*(f^2 - 2) is -1/f modulo 64.
    const int64_t steps = 1 - delta < left ? 1 - delta : left;
    const uint64_t mask = (steps < 6 ? (uint64_t{1} << steps) : 64) - 1;
    const uint64_t multiple = (f * g * (f * f - 2)) & mask;
    g += f * multiple;
    q += u * multiple;
    r += v * multiple;
  }
}

/** u*x + v*y, in two's complement; |u| + |v| <= 2^62. */
constexpr std::array<uint64_t, 5> combine(int64_t u, const Words& x, int64_t v, const Words& y) {
  std::array<uint64_t, 5> sum{};
  int128_t carry = 0;
  for (int i = 0; i < 3; ++i) {
    carry += int128_t(u) * x[i] + int128_t(v) * y[i];
    sum[i] = uint64_t(carry);
    carry >>= 64;
  }
  carry += int128_t(u) * int64_t(x[3]) + int128_t(v) * int64_t(y[3]);
  sum[3] = uint64_t(carry);
  sum[4] = uint64_t(carry >> 64);
  return sum;
}

/** x / 2^62; x is a multiple. */
constexpr Words dropZeros(const std::array<uint64_t, 5>& x) {
  return {x[0] >> 62 | x[1] << 2, x[1] >> 62 | x[2] << 2, x[2] >> 62 | x[3] << 2, x[3] >> 62 | x[4] << 2};
}

/** x / 2^64 mod p. For |x| < 2^63 p the result, two's complement, is in (-p/2, 3p/2). */
template <class P>
constexpr Words dropWord(const std::array<uint64_t, 5>& x) {
  const uint64_t m = x[0] * P::negInverse;
  Words quotient{};
  uint128_t carry = uint128_t(m) * P::p[0] + x[0];
  for (int i = 1; i < 4; ++i) {
    carry = (carry >> 64) + uint128_t(m) * P::p[i] + x[i];
    quotient[i - 1] = uint64_t(carry);
  }
  quotient[3] = uint64_t(carry >> 64) + x[4];
  return quotient;
}

/** R^3 * 4^k mod p: for k batches. Twelve suffice for 256 bits (741 steps: Bernstein and Yang, theorem 11.2). */
template <class P>
inline constexpr std::array<Words, 13> inverseCorrections = [] {
  std::array<Words, 13> corrections{};
  for (unsigned k = 0; k < 13; ++k) corrections[k] = powerOfTwoModulo(768 + 2 * k, P::p);
  return corrections;
}();

/** The product of the two, by Montgomery, is the Montgomery form of the inverse of the Montgomery form `a`. */
struct UncorrectedInverse {
  Words value, correction;
};

/** @param a below p; 0 gives 0 */
template <class P>
constexpr UncorrectedInverse invertWords(const Words& a) {
  Words f = P::p, g = a, d{}, e{1, 0, 0, 0};
  int64_t delta = 1;
  unsigned batches = 0;
  for (; (g[0] | g[1] | g[2] | g[3]) != 0; ++batches) {
    const DivisionMatrix m = divisionSteps(delta, f[0], g[0]);
    const Words oldF = f, oldD = d;
    f = dropZeros(combine(m.u, oldF, m.v, g));
    g = dropZeros(combine(m.q, oldF, m.r, g));
    // Divided by 2^64 instead of 2^62, which is no more than a step of Montgomery's reduction: hence the factor of 4.
    d = dropWord<P>(combine(m.u, oldD, m.v, e));
    e = dropWord<P>(combine(m.q, oldD, m.r, e));
  }
  if (f[3] >> 63) d = subWords(Words{}, d);
  // d is in (-3p/2, 3p/2).
  while (d[3] >> 63) d = addWords(d, P::p);
  if (!lessThan(d, P::p)) d = subWords(d, P::p);
  return {d, inverseCorrections<P>[batches]};
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
