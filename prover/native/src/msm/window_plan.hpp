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
 * With C the sum of half = 2^(offset + width - 1) over the windows, the bits of s + C in a window, less half, are a digit in
 * [-half, half): one addition a scalar, and no carry from digit to digit. For windows of three bits or more C is below 8/7 of its
 * highest bit, and scalars are below r < 0.76 * 2^254: so s + C stays within the bits that are cut up.
 *
 * Where a key holds `tables` multiples P, 2^spacing*P, 2^(2*spacing)*P, ... of each point, windows that lie `spacing` bits apart
 * share their buckets: window w of table t is windows[t * perTable + w].
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

  /** Bits between the multiples of a point, for 1, 2, 4, 8 or 16 tables. One table needs only the bits that r has, and one more. */
  static constexpr unsigned spacing(unsigned tables) { return tables == 1 ? 255 : 256 / tables; }

  /** @param width of the widest window, in [MIN_WIDTH, MAX_WIDTH] */
  WindowPlan(unsigned width, unsigned tables) : tables(tables) {
    if (width < MIN_WIDTH || width > MAX_WIDTH) throw std::invalid_argument("window width");
    const unsigned bits = spacing(tables);
    perTable = (bits + width - 1) / width;
    unsigned offset = 0;
    for (unsigned w = 0; w < tables * perTable; w++) {
      const unsigned own = bits / perTable + (w % perTable < bits % perTable ? 1 : 0);
      windows.push_back({offset, own});
      const unsigned half = offset + own - 1;
      constant[half / 64] |= uint64_t{1} << (half % 64);
      offset += own;
    }
  }

  unsigned tables, perTable;
  std::vector<Window> windows;
  /** C. */
  Words constant{};
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
