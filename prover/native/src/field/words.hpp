// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../path.hpp"

#include <array>
#include <cstdint>

namespace phalanx {
inline namespace PHALANX_PATH {

__extension__ typedef unsigned __int128 uint128_t;

/** A 256-bit number, least significant word first. */
using Words = std::array<uint64_t, 4>;

/** a < b as integers. */
constexpr bool lessThan(const Words& a, const Words& b) {
  for (int i = 3; i >= 0; --i)
    if (a[i] != b[i]) return a[i] < b[i];
  return false;
}

/** a + b modulo 2^256. */
constexpr Words addWords(const Words& a, const Words& b) {
  Words sum{};
  uint128_t carry = 0;
  for (int i = 0; i < 4; ++i) {
    carry += uint128_t(a[i]) + b[i];
    sum[i] = uint64_t(carry);
    carry >>= 64;
  }
  return sum;
}

/** a - b modulo 2^256. */
constexpr Words subWords(const Words& a, const Words& b) {
  Words difference{};
  uint64_t borrow = 0;
  for (int i = 0; i < 4; ++i) {
    const uint128_t d = uint128_t(a[i]) - b[i] - borrow;
    difference[i] = uint64_t(d);
    borrow = uint64_t(d >> 64) & 1;
  }
  return difference;
}

/** a / 2^bits, 0 <= bits < 64. */
constexpr Words shiftRight(const Words& a, unsigned bits) {
  Words shifted = a;
  if (bits == 0) return shifted;
  for (int i = 0; i < 4; ++i) shifted[i] = (a[i] >> bits) | (i < 3 ? a[i + 1] << (64 - bits) : 0);
  return shifted;
}

/** a * m modulo 2^256. */
constexpr Words mulSmall(const Words& a, uint64_t m) {
  Words product{};
  uint128_t carry = 0;
  for (int i = 0; i < 4; ++i) {
    carry += uint128_t(a[i]) * m;
    product[i] = uint64_t(carry);
    carry >>= 64;
  }
  return product;
}

/** (a * m + addend) / 2^64, rounded down. */
constexpr Words productUpper(const Words& a, uint64_t m, uint64_t addend) {
  Words upper{};
  uint128_t carry = uint128_t(a[0]) * m + addend;
  for (int i = 1; i < 4; ++i) {
    carry = (carry >> 64) + uint128_t(a[i]) * m;
    upper[i - 1] = uint64_t(carry);
  }
  upper[3] = uint64_t(carry >> 64);
  return upper;
}

/** a^2. */
constexpr std::array<uint64_t, 8> squareWords(const Words& a) {
  std::array<uint64_t, 8> square{};
  for (int i = 0; i < 4; ++i) {
    uint128_t carry = 0;
    for (int j = 0; j < 4; ++j) {
      carry += uint128_t(a[i]) * a[j] + square[i + j];
      square[i + j] = uint64_t(carry);
      carry >>= 64;
    }
    square[i + 4] = uint64_t(carry);
  }
  return square;
}

/** a / d, rounded down. */
constexpr Words divideWords(const Words& a, uint64_t d) {
  Words quotient{};
  uint128_t rest = 0;
  for (int i = 3; i >= 0; --i) {
    rest = (rest << 64) | a[i];
    quotient[i] = uint64_t(rest / d);
    rest %= d;
  }
  return quotient;
}

/** 2^exponent mod p, for p < 2^255. */
constexpr Words powerOfTwoModulo(unsigned exponent, const Words& p) {
  Words value{1, 0, 0, 0};
  for (unsigned i = 0; i < exponent; ++i) {
    value = addWords(value, value);
    if (!lessThan(value, p)) value = subWords(value, p);
  }
  return value;
}

/** -1/p mod 2^64, for odd p: Newton's iteration doubles the number of right bits each time. */
constexpr uint64_t negativeInverse(uint64_t p) {
  uint64_t inverse = p; // right modulo 8
  for (int i = 0; i < 5; ++i) inverse *= 2 - p * inverse;
  return ~inverse + 1;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
