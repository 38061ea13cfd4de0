// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "../parallel/huge_buffer.hpp"
#include "../parallel/thread_pool.hpp"
#include "point_lanes.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Points of a key in the form that products over them read: packed (point_lanes.hpp), without those at infinity. F is
 * Fq for G1 and Fq2 for G2.
 */
template <class F>
class PreparedPoints {
 public:
  /**
   * @param points on the curve, coordinates canonical (whoever reads them from a file checks that); fewer than 2^31
   * @throws std::bad_alloc; std::length_error for too many points
   */
  PreparedPoints(std::span<const AffinePoint<F>> points, ThreadPool& pool);

  /** How many points there were, those at infinity included: so many scalars a product takes. */
  size_t originalSize() const { return originalSize_; }
  /** How many are kept. */
  size_t size() const { return size_; }
  /** Memory held, in bytes. */
  size_t bytes() const { return packed_.bytes() + source_.bytes(); }

  const uint64_t* packed() const { return packed_.data(); }
  /** The original index of kept point i. */
  size_t source(size_t i) const { return source_.size() == 0 ? i : source_[i]; }
  /** Whether the same points are left out in both, so that digits of one set of scalars serve both. */
  template <class G>
  bool sameSources(const PreparedPoints<G>& other) const;

 private:
  template <class G>
  friend class PreparedPoints;

  size_t originalSize_;
  size_t size_ = 0;
  HugeBuffer<uint64_t> packed_;
  /** Empty when no point is left out. */
  HugeBuffer<uint32_t> source_;
};

extern template class PreparedPoints<Fq>;
extern template class PreparedPoints<Fq2>;

}  // namespace PHALANX_PATH
}  // namespace phalanx
