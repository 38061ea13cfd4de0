// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstring>
#include <span>
#include <type_traits>

#include "path.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Overwrite memory that has seen secrets, also where the compiler knows that nobody reads it again. */
template <class T, size_t Extent>
void wipe(std::span<T, Extent> memory) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (memory.empty()) return;
  std::memset(static_cast<void*>(memory.data()), 0, memory.size_bytes());
  asm volatile("" : : "r"(memory.data()) : "memory");
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
