// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

#include "../parallel/thread_pool.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Look at many items with all threads.
 * @param check (begin, end) -> the first item in that range which it refuses, or `end`
 * @return the first item of all that is refused, or `count`; the same whatever the number of threads
 */
template <class Check>
size_t firstRefused(size_t count, ThreadPool& pool, Check&& check) {
  constexpr size_t BLOCK = 4096;
  std::atomic<size_t> first{count};
  pool.run((count + BLOCK - 1) / BLOCK, [&](size_t block, unsigned) {
    const size_t begin = block * BLOCK, end = std::min(count, begin + BLOCK);
    const size_t refused = check(begin, end);
    if (refused == end) return;
    size_t known = first.load();
    while (refused < known && !first.compare_exchange_weak(known, refused)) {
    }
  });
  return first.load();
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
