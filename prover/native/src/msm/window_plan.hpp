// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <vector>

#include "../field/parameters.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * How scalars are cut into signed digits.
 *
 * With C the sum of half = 2^(offset + width - 1) over the windows, the bits of s + C in a window, less half, are a
 * digit in [-half, half): one addition a scalar, and no carry from digit to digit. For windows of three bits or more C
 * is below 8/7 of its highest bit, and scalars are below r < 0.76 * 2^254: so s + C stays within the bits that are cut
 * up.
 */
class WindowPlan {
 public:
  /** See above; and digits are kept in 16 bits. */
  static constexpr unsigned MIN_WIDTH = 4, MAX_WIDTH = 16;

  struct Window {
    unsigned offset, width;
    /** Digits are in [-half, half): so many buckets. */
    constexpr size_t half() const { return size_t{1} << (width - 1); }
  };

  /** What is cut up, into windows as even as can be: r has 254 bits, and C adds one. */
  static constexpr unsigned BITS = 255;

  /** @param width of the widest window, in [MIN_WIDTH, MAX_WIDTH] */
  explicit WindowPlan(unsigned width) {
    if (width < MIN_WIDTH || width > MAX_WIDTH) throw std::invalid_argument("window width");
    const unsigned count = (BITS + width - 1) / width;
    unsigned offset = 0;
    for (unsigned w = 0; w < count; w++) {
      const unsigned own = BITS / count + (w < BITS % count ? 1 : 0);
      windows.push_back({offset, own});
      const unsigned half = offset + own - 1;
      constant[half / 64] |= uint64_t{1} << (half % 64);
      offset += own;
    }
  }

  std::vector<Window> windows;
  /** C. */
  Words constant{};
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
