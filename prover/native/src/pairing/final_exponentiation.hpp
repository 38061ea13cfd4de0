// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "loop_digits.hpp"
#include "frobenius.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** a^x for a as `cyclotomicSquare` wants it; inverses are free there. */
template <class F2> Tower<F2> powCurveParameter(const Tower<F2>& a) {
  constexpr auto digits = nonAdjacentForm<4>(CURVE_X);
  const Tower<F2> square = cyclotomicSquare(a);
  std::array<Tower<F2>, 4> odd{a, a, a, a}; // a, a^3, a^5, a^7
  for (size_t i = 1; i < odd.size(); ++i) odd[i] = odd[i - 1] * square;
  Tower<F2> power = odd[digits.digit[digits.length - 1] / 2];
  for (size_t i = digits.length - 1; i-- > 0;) {
    power = cyclotomicSquare(power);
    const int digit = digits.digit[i];
    if (digit > 0) power = power * odd[digit / 2];
    if (digit < 0) power = power * conjugate(odd[-digit / 2]);
  }
  return power;
}

/**
 * f^(2x(6x^2 + 3x + 1) * (p^12 - 1)/r): one exactly where f^((p^12 - 1)/r) is, because r does not divide the first
 * factor. f must not be zero.
 *
 * The hard part by Fuentes-Castaneda, Knapp and Rodriguez-Henriquez, "Faster Hashing to G2", section 5: the exponent is
 * l0 + l1*p + l2*p^2 + l3*p^3 with l0 = 1 + 6x + 12x^2 + 12x^3, l1 = 4x + 6x^2 + 12x^3, l2 = 6x + 6x^2 + 12x^3,
 * l3 = l1 - 1.
 */
template <class F2> Tower<F2> finalExponentiation(const Tower<F2>& f) {
  const Tower<F2> unit = conjugate(f) * inv(f);        // f^(p^6 - 1)
  const Tower<F2> m = frobeniusSquare(unit) * unit;    // ^(p^2 + 1)
  const Tower<F2> m2x = cyclotomicSquare(powCurveParameter(m));
  const Tower<F2> m6x = cyclotomicSquare(m2x) * m2x;
  const Tower<F2> m6xx = powCurveParameter(m6x);
  const Tower<F2> m12xxx = powCurveParameter(cyclotomicSquare(m6xx));
  const Tower<F2> l2 = m12xxx * m6xx * m6x;
  const Tower<F2> l1 = l2 * conjugate(m2x);
  const Tower<F2> l0 = l2 * m6xx * m, l3 = l1 * conjugate(m);
  return l0 * frobenius(l1 * frobenius(l2 * frobenius(l3)));
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
