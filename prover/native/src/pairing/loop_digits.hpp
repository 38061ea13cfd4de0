// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../curve/subgroup.hpp"

#include <cstddef>

namespace phalanx {
inline namespace PHALANX_PATH {

/** A number as odd digits of `Width` bits with signs and zeros between them, least significant first. */
template <size_t Length> struct SignedDigits {
  std::array<int8_t, Length> digit{};
  size_t length = 0;
};

/**
 * Width-w non-adjacent form: digits are zero or odd and below 2^(Width-1), and of `Width` neighbours one is not zero.
 */
template <int Width> constexpr SignedDigits<72> nonAdjacentForm(uint128_t number) {
  SignedDigits<72> form{};
  for (; number != 0; number >>= 1, ++form.length) {
    if ((number & 1) == 0) continue;
    int digit = int(number & ((1 << Width) - 1));
    if (digit >= 1 << (Width - 1)) digit -= 1 << Width;
    form.digit[form.length] = int8_t(digit);
    number = digit < 0 ? number + uint128_t(-digit) : number - uint128_t(digit);
  }
  return form;
}

/** 6x + 2, the length of the optimal ate pairing's Miller loop. */
inline constexpr auto loopDigits = nonAdjacentForm<2>(uint128_t(CURVE_X) * 6 + 2);

}  // namespace PHALANX_PATH
}  // namespace phalanx
