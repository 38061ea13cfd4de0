// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

#include "../parallel/cancel_token.hpp"
#include "fixed_base.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Multiples of the generators of G1 and G2, from and to bytes as they stand in files. Any thread may call it. */
class GeneratorMultiplier {
 public:
  /** Bytes of a scalar: an integer below r, little-endian. */
  static constexpr size_t SCALAR_BYTES = sizeof(Words);

  /**
   * points[i] = scalars[i] * generator, affine in Montgomery form as in a .zkey, infinity all zero. Leaves no copy of
   * the scalars in memory. The first call for a group builds its table.
   * @throws std::invalid_argument when lengths differ or a scalar is not below r; std::bad_alloc; Cancelled
   */
  void multiplyG1(std::span<const uint8_t> scalars, std::span<uint8_t> points, ThreadPool& pool,
                  const CancelToken& cancel);
  void multiplyG2(std::span<const uint8_t> scalars, std::span<uint8_t> points, ThreadPool& pool,
                  const CancelToken& cancel);

 private:
  template <class F>
  struct Lazy {
    std::mutex lock;
    std::unique_ptr<const FixedBase<F>> table;

    const FixedBase<F>& get(const AffinePoint<F>& generator, unsigned windowBits, ThreadPool& pool) {
      const std::lock_guard guard(lock);
      if (!table) table = std::make_unique<const FixedBase<F>>(generator, windowBits, pool);
      return *table;
    }
  };

  Lazy<Fq> g1_;
  Lazy<Fq2> g2_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
