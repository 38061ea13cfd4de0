// SPDX-License-Identifier: GPL-3.0-or-later
#include "bucket_order.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

/** A piece no longer than this: cursors count in 16 bits. */
constexpr size_t MAX_LENGTH = 4000;
/** In a cursor: no piece follows. */
constexpr uint64_t NEVER = 0xffff;

/**
 * Bound of a piece's length, for so many points a bucket on average: bounds a little above what most buckets hold cut few buckets, and
 * leave few steps with too few pieces to fill the lanes and share an inversion.
 */
size_t lengthBound(double average) {
  return std::min(MAX_LENGTH, std::max<size_t>(3, static_cast<size_t>(average + 2.5 * std::sqrt(average) + 1)));
}

}  // namespace

void BucketOrder::build(std::span<const Row> rows, size_t digits, const uint32_t* points, size_t firstBucket,
                        size_t buckets) {
  // Which bucket: `buckets` stands for none. A digit of 0, or below firstBucket, wraps around to beyond them all.
  keys_.resize(rows.size() * digits);
  counts_.assign(buckets + 1, 0);
  for (size_t r = 0; r < rows.size(); r++) {
    const int16_t* const digit = rows[r].digits;
    uint16_t* const key = keys_.data() + r * digits;
    const uint16_t skip = static_cast<uint16_t>(firstBucket + 1), none = static_cast<uint16_t>(buckets);
    for (size_t i = 0; i < digits; i++)
      key[i] = std::min(none, static_cast<uint16_t>(static_cast<uint16_t>(digit[i] < 0 ? -digit[i] : digit[i]) - skip));
    for (size_t i = 0; i < digits; i++) counts_[key[i]]++;
  }
  const size_t total = rows.size() * digits - counts_[buckets];

  // Cut buckets into pieces of equal length and count the lengths.
  const size_t bound = lengthBound(static_cast<double>(total) / static_cast<double>(buckets));
  lengthStart_.assign(bound + 2, 0);
  pieces_ = 0;
  for (size_t b = 0; b < buckets; b++) {
    const size_t points = counts_[b], pieces = (points + bound - 1) / bound;
    if (pieces == 0) continue;
    const size_t longer = points % pieces;
    lengthStart_[points / pieces] += static_cast<uint32_t>(pieces - longer);
    if (longer != 0) lengthStart_[points / pieces + 1] += static_cast<uint32_t>(longer);
    pieces_ += pieces;
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
  size_t slots = 0;
  for (size_t t = 0; t < steps_; t++) {
    stepStart_[t] = static_cast<uint32_t>(slots);
    slots += (stepCount_[t] + PADDING - 1) / PADDING * PADDING;
  }
  order_ = {orderScratch_.atLeast(slots + SLACK), slots + SLACK};

  // Give every piece its place.
  firstPiece_.assign(buckets, NONE);
  nextPiece_.assign(pieces_, NONE);
  cursors_.resize(buckets);
  cutBuckets_.clear();
  for (size_t b = 0; b < buckets; b++) {
    const size_t points = counts_[b], pieces = (points + bound - 1) / bound;
    if (pieces == 0) continue;
    const size_t longer = points % pieces, length = points / pieces;
    uint32_t place = lengthStart_[longer != 0 ? length + 1 : length]++;
    firstPiece_[b] = place;
    cursors_[b] = cursor(place, pieces == 1 ? NEVER : (longer != 0 ? length + 1 : length));
    if (pieces == 1) continue;
    cutBuckets_.push_back(static_cast<uint32_t>(b));
    for (size_t j = 1; j < pieces; j++) {
      const uint32_t next = lengthStart_[j < longer ? length + 1 : length]++;
      nextPiece_[place] = next;
      place = next;
    }
  }

  for (size_t r = 0; r < rows.size(); r++) place(rows[r], keys_.data() + r * digits, digits, points, buckets, bound);
  for (size_t t = 0; t < steps_; t++) {
    uint32_t* const step = order_.data() + stepStart_[t];
    const size_t padded = (stepCount_[t] + PADDING - 1) / PADDING * PADDING;
    std::fill(step + stepCount_[t], step + padded, step[stepCount_[t] - 1]);
  }
  std::fill(order_.end() - SLACK, order_.end(), 0);
}

void BucketOrder::place(const Row& row, const uint16_t* keys, size_t digits, const uint32_t* points, size_t buckets,
                        size_t bound) {
  uint32_t* const order = order_.data();
  const uint32_t* const stepStart = stepStart_.data();
  uint64_t* const cursors = cursors_.data();
  for (size_t i = 0; i < digits; i++) {
    const size_t key = keys[i];
    if (key == buckets) continue;
    uint64_t c = cursors[key];
    const uint32_t sign = static_cast<uint32_t>(static_cast<int32_t>(row.digits[i])) & NEGATIVE;
    const uint32_t point = row.base + (points ? points[i] : static_cast<uint32_t>(i));
    order[stepStart[c >> 48] + static_cast<uint32_t>(c)] = point | sign;
    c += (uint64_t{1} << 48) - (uint64_t{1} << 32);
    if ((c >> 32 & 0xffff) == 0) {
      // The piece is full.
      const uint32_t next = nextPiece_[static_cast<uint32_t>(c)];
      const size_t pieces = (counts_[key] + bound - 1) / bound, length = counts_[key] / pieces;
      const bool longer = length < steps_ && next < stepCount_[length];
      c = cursor(next, nextPiece_[next] == NONE ? NEVER : (longer ? length + 1 : length));
    }
    cursors[key] = c;
  }
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
