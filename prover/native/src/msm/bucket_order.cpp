// SPDX-License-Identifier: GPL-3.0-or-later
#include "bucket_order.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

/** No piece is longer than this: steps have a cost of their own. */
constexpr size_t MAX_LENGTH = 4000;

/**
 * Bound of a piece's length, for so many points a bucket on average: bounds a little above what most buckets hold cut
 * few buckets, and leave few steps with too few pieces to fill the lanes and share an inversion.
 */
size_t lengthBound(double average) {
  return std::min(MAX_LENGTH, std::max<size_t>(3, static_cast<size_t>(average + 2.5 * std::sqrt(average) + 1)));
}

}  // namespace

void BucketOrder::build(std::span<const int16_t> digits, const uint32_t* points, size_t firstBucket, size_t buckets,
                        Arena& arena) {
  // Which bucket: `buckets` stands for none. A digit of 0, or below firstBucket, wraps around to beyond them all.
  const size_t size = digits.size();
  const int16_t* const digit = digits.data();
  uint16_t* const key = arena.take<uint16_t>(size);
  uint32_t* const ends = arena.take<uint32_t>(buckets + 1);
  std::fill_n(ends, buckets + 1, 0);
  const uint16_t skip = static_cast<uint16_t>(firstBucket + 1), none = static_cast<uint16_t>(buckets);
  for (size_t i = 0; i < size; i++)
    key[i] = std::min(none, static_cast<uint16_t>(static_cast<uint16_t>(digit[i] < 0 ? -digit[i] : digit[i]) - skip));
  for (size_t i = 0; i < size; i++) ends[key[i]]++;
  const size_t total = size - ends[buckets];

  // Counts become starts, and by writing ends.
  uint32_t start = 0;
  for (size_t b = 0; b <= buckets; b++) start += std::exchange(ends[b], start);
  uint32_t* const sorted = sorted_ = arena.take<uint32_t>(size);
  for (size_t i = 0; i < size; i++) {
    const uint32_t sign = static_cast<uint32_t>(static_cast<int32_t>(digit[i])) & NEGATIVE;
    sorted[ends[key[i]]++] = points[i] | sign;
  }

  // Cut buckets into pieces of equal length and count the lengths.
  const size_t bound = lengthBound(static_cast<double>(total) / static_cast<double>(buckets));
  const auto bucketStart = [&](size_t b) { return b == 0 ? 0 : ends[b - 1]; };
  lengthStart_.assign(bound + 2, 0);
  pieces_ = 0;
  for (size_t b = 0; b < buckets; b++) {
    const size_t count = ends[b] - bucketStart(b);
    if (count <= bound) {
      lengthStart_[count]++;
      pieces_ += count != 0;
    } else {
      const size_t pieces = (count + bound - 1) / bound, longer = count % pieces;
      lengthStart_[count / pieces] += static_cast<uint32_t>(pieces - longer);
      lengthStart_[count / pieces + 1] += static_cast<uint32_t>(longer);
      pieces_ += pieces;
    }
  }
  steps_ = bound;
  while (steps_ > 0 && lengthStart_[steps_] == 0) steps_--;
  stepCount_.assign(steps_, 0);
  stepStart_.assign(steps_, 0);
  for (size_t length = steps_, longer = 0; length >= 1; length--) {
    const size_t same = lengthStart_[length];
    lengthStart_[length] = static_cast<uint32_t>(longer);
    longer += same;
    stepCount_[length - 1] = static_cast<uint32_t>(longer);
  }

  // Give every piece its place.
  firstPiece_ = arena.take<uint32_t>(buckets);
  nextPiece_ = arena.take<uint32_t>(pieces_);
  pieceStart_ = arena.take<uint32_t>(pieces_);
  std::fill_n(firstPiece_, buckets, NONE);
  std::fill_n(nextPiece_, pieces_, NONE);
  cutBuckets_.clear();
  for (size_t b = 0; b < buckets; b++) {
    uint32_t from = bucketStart(b);
    const size_t count = ends[b] - from;
    if (count == 0) continue;
    if (count <= bound) {
      const uint32_t place = lengthStart_[count]++;
      firstPiece_[b] = place;
      pieceStart_[place] = from;
      continue;
    }
    cutBuckets_.push_back(static_cast<uint32_t>(b));
    const size_t pieces = (count + bound - 1) / bound, longer = count % pieces;
    for (size_t j = 0; j < pieces; j++) {
      const size_t length = count / pieces + (j < longer ? 1 : 0);
      const uint32_t place = lengthStart_[length]++;
      pieceStart_[place] = from;
      from += static_cast<uint32_t>(length);
      nextPiece_[place] = std::exchange(firstPiece_[b], place);
    }
  }
  layOut(arena);
}

void BucketOrder::layOut(Arena& arena) {
  size_t slots = 0;
  for (size_t t = 0; t < steps_; t++) {
    stepStart_[t] = static_cast<uint32_t>(slots);
    slots += (stepCount_[t] + PADDING - 1) / PADDING * PADDING;
  }
  uint32_t* const order = order_ = arena.take<uint32_t>(slots + SLACK);
  const uint32_t* const stepStart = stepStart_.data();
  size_t length = steps_;
  for (size_t piece = 0; piece < pieces_; piece++) {
    while (stepCount_[length - 1] <= piece) length--;
    const uint32_t* const from = sorted_ + pieceStart_[piece];
    for (size_t t = 0; t < length; t++) order[stepStart[t] + piece] = from[t];
  }
  for (size_t t = 0; t < steps_; t++) {
    uint32_t* const step = order + stepStart_[t];
    const size_t padded = (stepCount_[t] + PADDING - 1) / PADDING * PADDING;
    std::fill(step + stepCount_[t], step + padded, step[stepCount_[t] - 1]);
  }
  std::fill_n(order + slots, SLACK, 0);
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
