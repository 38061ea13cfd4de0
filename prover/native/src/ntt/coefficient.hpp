// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "../field/element.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** One coefficient of a circuit's constraints (A w) * (B w) = C w, as section 4 of a .zkey has it. */
struct Coefficient {
  /** 0 for A, 1 for B; C follows from both. */
  uint32_t matrix;
  uint32_t row;
  uint32_t wire;
  /**
   * The coefficient in Montgomery form twice over: times R^2, so that a product with a plain number is in that form.
   */
  Fr value;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
