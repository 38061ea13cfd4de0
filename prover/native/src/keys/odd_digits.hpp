// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "../field/element.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * A scalar modulo r as a sum of signed odd digits, one a window and none of them zero.
 *
 * With n bits in all, an odd v in (-2^n, 2^n) is the sum of (2*u_i - 1) * 2^i over the bits u_i of (v - 1)/2 + 2^(n-1):
 * the windows of that number are the digits. An even scalar s is taken as s - r, which is odd.
 *
 * No partial sum from the lowest window on is plus or minus the next term, as its absolute value is smaller than that
 * power of two; only the last addition can meet equal or opposite points, by chance.
 */
class OddDigits {
 public:
  /** Bits of r. */
  static constexpr unsigned BITS = 254;
  /** In a digit's word, beside the index. */
  static constexpr uint32_t NEGATIVE = uint32_t{1} << 31;

  /** @param windowBits of every window but the last, which takes what is left; in [2, 24] */
  explicit constexpr OddDigits(unsigned windowBits) : windowBits_(windowBits) {}

  constexpr unsigned windows() const { return (BITS + windowBits_ - 1) / windowBits_; }
  constexpr unsigned offset(unsigned window) const { return window * windowBits_; }
  constexpr unsigned bits(unsigned window) const {
    return window + 1 < windows() ? windowBits_ : BITS - offset(window);
  }
  /** Different absolute values of a digit: 1, 3, 5, ... */
  constexpr size_t magnitudes(unsigned window) const { return size_t{1} << (bits(window) - 1); }

  /** @param scalar below r */
  static constexpr Words recode(const Words& scalar) {
    const bool odd = scalar[0] & 1;
    // For an even s: (s - r - 1)/2 + 2^(n-1) = 2^n - 1 - ((r - s - 1)/2 + 2^(n-1)), all bits the other way round.
    const Words v = odd ? scalar : subWords(FrParameters::p, scalar);
    Words u = addWords(shiftRight(v, 1), Words{0, 0, 0, uint64_t{1} << (BITS - 1 - 192)});
    if (!odd)
      for (uint64_t& word : u) word = ~word;
    return u;
  }

  /** The digit +-(2*index + 1) of a recoded scalar, as its index and NEGATIVE. */
  constexpr uint32_t digit(const Words& recoded, unsigned window) const {
    const unsigned at = offset(window), word = at / 64, shift = at % 64, width = bits(window);
    uint64_t value = recoded[word] >> shift;
    if (shift + width > 64) value |= recoded[word + 1] << (64 - shift);
    const uint32_t half = uint32_t{1} << (width - 1);
    // Half of the values are positive, the others mirror them; without a branch, as which it is cannot be foreseen.
    const uint32_t negative = (static_cast<uint32_t>(value) & half) == 0;
    const uint32_t index = (static_cast<uint32_t>(value) ^ (0 - negative)) & (half - 1);
    return index | negative << 31;
  }

 private:
  unsigned windowBits_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
