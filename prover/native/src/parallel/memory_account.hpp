// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>

#include "../path.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Counts the bytes that the engine's large buffers hold, in the whole process. Bound by nothing; for reports. */
class MemoryAccount {
 public:
  static size_t used() noexcept { return used_.load(std::memory_order_relaxed); }

  /** The most there ever was at one moment. */
  static size_t peak() noexcept { return peak_.load(std::memory_order_relaxed); }

  static void add(size_t bytes) noexcept {
    const size_t now = used_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    size_t peak = peak_.load(std::memory_order_relaxed);
    while (now > peak && !peak_.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
    }
  }

  static void remove(size_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  static inline std::atomic<size_t> used_{0};
  static inline std::atomic<size_t> peak_{0};
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
