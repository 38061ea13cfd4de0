// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "arena.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * The order in which points are added to buckets, several at once and never two to one bucket.
 *
 * Buckets are cut into pieces of bounded length, pieces are ordered by length, longest first, and step t adds the t-th
 * point of every piece that has so many: the pieces 0 .. count(t) - 1, without gaps. In a step every piece occurs once,
 * so additions that are made at the same time never meet.
 */
class BucketOrder {
 public:
  /** Bit 31 of an index: the point is to be negated. */
  static constexpr uint32_t NEGATIVE = uint32_t{1} << 31;
  /** Steps are padded to whole groups of vectors (for any width of lanes), repeating their last index. */
  static constexpr size_t PADDING = 32;
  /** So many indices after a step's last may be read, for prefetching. */
  static constexpr size_t SLACK = 256;

  /**
   * Order the points by bucket: digit d goes to bucket |d| - 1 - firstBucket, if that is below `buckets`; other digits
   * are left out. It lives as long as the arena's open scope.
   * @param points[i] index of the point that digit i belongs to
   */
  void build(std::span<const int16_t> digits, const uint32_t* points, size_t firstBucket, size_t buckets, Arena& arena);

  size_t pieces() const { return pieces_; }
  size_t steps() const { return steps_; }
  /** How many pieces have more than t points. */
  size_t count(size_t t) const { return stepCount_[t]; }
  /** Indices of step t, one for each of those pieces, then padding. */
  const uint32_t* step(size_t t) const { return order_ + stepStart_[t]; }

  /** The pieces of a bucket are chained: first, then next, until NONE. */
  static constexpr uint32_t NONE = ~uint32_t{0};
  uint32_t firstPiece(size_t bucket) const { return firstPiece_[bucket]; }
  uint32_t nextPiece(uint32_t piece) const { return nextPiece_[piece]; }
  /** Buckets with more than one piece. */
  const std::vector<uint32_t>& cutBuckets() const { return cutBuckets_; }

 private:
  /** From points by bucket to points by step. */
  void layOut(Arena& arena);

  // In the arena.
  uint32_t* sorted_ = nullptr;
  uint32_t* pieceStart_ = nullptr;
  uint32_t* firstPiece_ = nullptr;
  uint32_t* nextPiece_ = nullptr;
  uint32_t* order_ = nullptr;

  std::vector<uint32_t> lengthStart_, stepCount_, stepStart_, cutBuckets_;
  size_t pieces_ = 0, steps_ = 0;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
