// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>

#include "packed_sum.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** A sum of points times powers of two, collected from many places: points by exponent. */
template <class F>
class BitSums {
  using E = CoordinateLanes<F>;

 public:
  static constexpr unsigned BITS = 256;

  /** Add 2^exponent times a packed point, which is not infinite. */
  void add(unsigned exponent, const uint64_t* point) {
    exponents_.push_back(static_cast<uint16_t>(exponent));
    words_.insert(words_.end(), point, point + POINT_WORDS<F>);
  }

  /**
   * Add the lanes of `mask` of a vector of points, lane l times 2^exponent * weight(l); coordinates normal, below 5.
   */
  template <class Weight>
  void addLanes(unsigned exponent, const E& x, const E& y, LaneMask mask, const Weight& weight) {
    alignas(64) uint64_t points[LANES][POINT_WORDS<F>];
    uint64_t* address[LANES];
    for (size_t l = 0; l < LANES; l++) address[l] = points[l];
    scatterCoordinate(address, 0, x);
    scatterCoordinate(address, COORDINATE_WORDS<F>, y);
    for (size_t l = 0; l < LANES; l++) {
      if (!(mask >> l & 1)) continue;
      size_t w = weight(l);
      for (unsigned bit = exponent; w != 0; w >>= 1, bit++)
        if (w & 1) add(bit, points[l]);
    }
  }

  void append(const BitSums& other) {
    exponents_.insert(exponents_.end(), other.exponents_.begin(), other.exponents_.end());
    words_.insert(words_.end(), other.words_.begin(), other.words_.end());
  }

  /** The sum of it all; leaves nothing. */
  JacobianPoint<F> total(const BatchAddScratch<E>& scratch) {
    const size_t size = exponents_.size();
    std::vector<uint32_t> start(BITS + 1, 0), members(size);
    for (const uint16_t e : exponents_) start[e + 1]++;
    for (size_t e = 0; e < BITS; e++) start[e + 1] += start[e];
    std::vector<typename PackedSum<F>::List> lists;
    for (size_t e = 0; e < BITS; e++)
      if (start[e + 1] > start[e]) lists.push_back({start[e], start[e + 1] - start[e]});
    {
      std::vector<uint32_t> next(start.begin(), start.end() - 1);
      for (size_t i = 0; i < size; i++) members[next[exponents_[i]]++] = static_cast<uint32_t>(i);
    }
    std::vector<uint8_t> infinite(size + PackedPoints<F>::EXTRA, 0);
    words_.resize((size + PackedPoints<F>::EXTRA) * POINT_WORDS<F>);
    const PackedPoints<F> points{words_.data(), infinite.data(), size};
    PackedSum<F>().run(points, members, lists, scratch);

    JacobianPoint<F> sum = JacobianPoint<F>::infinity();
    for (size_t e = BITS; e-- > 0;) {
      sum = dbl(sum);
      if (start[e + 1] == start[e]) continue;
      const uint32_t i = members[start[e]];
      if (!infinite[i]) sum = phalanx::add(sum, unpackPoint<F>(points.at(i)));
    }
    exponents_.clear();
    words_.clear();
    return sum;
  }

 private:
  std::vector<uint16_t> exponents_;
  std::vector<uint64_t> words_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
