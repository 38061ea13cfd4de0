// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <limits>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "../path.hpp"
#include "memory_account.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * A fixed number of elements, not initialised, on huge pages where the system has them: with pages of 4 KB the
 * transforms spend a third of their time in address translation. Starts of large buffers are staggered, because
 * buffers that lie a power of two apart compete for the same few lines of the cache.
 */
template <class T>
class HugeBuffer {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  HugeBuffer() noexcept = default;

  /** @throws std::bad_alloc */
  explicit HugeBuffer(size_t count) {
    if (count == 0) return;
    if (count > (std::numeric_limits<size_t>::max() - 2 * PAGE) / sizeof(T)) throw std::bad_alloc();
    const size_t bytes = count * sizeof(T);
    const bool large = bytes >= PAGE;
    const size_t shift = large ? stagger() : 0;
    alignment_ = large ? PAGE : LINE;
    allocated_ = (bytes + shift + alignment_ - 1) / alignment_ * alignment_;
    base_ = ::operator new(allocated_, std::align_val_t(alignment_));
    MemoryAccount::add(allocated_);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    // Advice only: a refusal costs time and nothing else.
    if (large) (void)madvise(base_, allocated_, MADV_HUGEPAGE);
#endif
    data_ = reinterpret_cast<T*>(static_cast<std::byte*>(base_) + shift);
    size_ = count;
  }

  HugeBuffer(HugeBuffer&& other) noexcept { swap(other); }
  HugeBuffer& operator=(HugeBuffer&& other) noexcept {
    HugeBuffer taken(std::move(other));
    swap(taken);
    return *this;
  }
  HugeBuffer(const HugeBuffer&) = delete;
  HugeBuffer& operator=(const HugeBuffer&) = delete;

  ~HugeBuffer() {
    if (!base_) return;
    ::operator delete(base_, std::align_val_t(alignment_));
    MemoryAccount::remove(allocated_);
  }

  T* data() noexcept { return data_; }
  const T* data() const noexcept { return data_; }
  size_t size() const noexcept { return size_; }
  T& operator[](size_t i) noexcept { return data_[i]; }
  const T& operator[](size_t i) const noexcept { return data_[i]; }
  T* begin() noexcept { return data_; }
  T* end() noexcept { return data_ + size_; }
  const T* begin() const noexcept { return data_; }
  const T* end() const noexcept { return data_ + size_; }
  std::span<T> span() noexcept { return {data_, size_}; }
  std::span<const T> span() const noexcept { return {data_, size_}; }

  /** Bytes taken from the system. */
  size_t bytes() const noexcept { return allocated_; }

 private:
  static constexpr size_t PAGE = size_t{2} << 20;
  static constexpr size_t LINE = 64;
  static_assert(alignof(T) <= LINE);

  /** An odd number of cache lines apart, so that 16 buffers in a row differ in every bit that picks a line. */
  static size_t stagger() noexcept {
    static std::atomic<unsigned> buffers{0};
    return buffers.fetch_add(1, std::memory_order_relaxed) % 16 * (37 * LINE);
  }

  void swap(HugeBuffer& other) noexcept {
    std::swap(base_, other.base_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(allocated_, other.allocated_);
    std::swap(alignment_, other.alignment_);
  }

  void* base_ = nullptr;
  T* data_ = nullptr;
  size_t size_ = 0;
  size_t allocated_ = 0;
  size_t alignment_ = LINE;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
