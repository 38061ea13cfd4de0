// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <vector>

#include "../parallel/secret_buffer.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Working memory of one thread, taken and given back like a stack, and kept from one use to the next. All of it lies on
 * huge pages: small buffers on pages of their own cost a tenth of a product in address translation. What scalars leave
 * in it is overwritten at its end.
 */
class Arena {
 public:
  /** Room for `count` elements, not initialised, until the scope that is open now ends. @throws std::bad_alloc */
  template <class T>
  T* take(size_t count) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= LINE);
    const size_t bytes = (count * sizeof(T) + LINE - 1) / LINE * LINE + STAGGER;
    while (slab_ < slabs_.size() && used_ + bytes > slabs_[slab_].size()) {
      slab_++;
      used_ = 0;
    }
    if (slab_ == slabs_.size()) slabs_.emplace_back(std::max(bytes, SLAB));
    std::byte* const start = slabs_[slab_].data() + used_;
    used_ += bytes;
    return reinterpret_cast<T*>(start);
  }

  /** What is taken while it lives goes back when it dies. */
  class Scope {
   public:
    explicit Scope(Arena& arena) : arena_(arena), slab_(arena.slab_), used_(arena.used_) {}
    ~Scope() {
      arena_.slab_ = slab_;
      arena_.used_ = used_;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Arena& arena_;
    size_t slab_, used_;
  };

 private:
  static constexpr size_t LINE = 64;
  /**
   * Between buffers, so that those of a round length do not start at the same place of a page, and compete in the
   * cache.
   */
  static constexpr size_t STAGGER = 17 * LINE;
  /** With what HugeBuffer adds, two huge pages. */
  static constexpr size_t SLAB = (size_t{4} << 20) - (size_t{64} << 10);

  std::vector<SecretBuffer<std::byte>> slabs_;
  size_t slab_ = 0, used_ = 0;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
