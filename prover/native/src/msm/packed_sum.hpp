// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "batch_add.hpp"
#include "point_lanes.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Packed points, each of which may be infinite (whatever its words then are), with room for two more. */
template <class F>
struct PackedPoints {
  uint64_t* words;
  uint8_t* infinite;
  size_t size;

  static constexpr size_t EXTRA = 2;
  uint64_t* at(size_t i) const { return words + i * POINT_WORDS<F>; }
};

/** Sums of many short lists of packed points: in each round the first half of every list takes up the second. */
template <class F>
class PackedSum {
  using E = CoordinateLanes<F>;

 public:
  /** A list: members[first .. first + count) are indices of points. */
  struct List {
    uint32_t first, count;
  };

  /** Leaves the sum of each list (count >= 1) at the point that its first member names. No point is in two lists. */
  void run(const PackedPoints<F>& points, std::span<const uint32_t> members, std::span<List> lists,
           const BatchAddScratch<E>& scratch) {
    // Additions that fill the last group: their operands differ in x, and nobody reads their result.
    const uint32_t spare = static_cast<uint32_t>(points.size);
    for (size_t i = 0; i < PackedPoints<F>::EXTRA; i++) {
      points.infinite[spare + i] = 0;
      std::fill_n(points.at(spare + i), POINT_WORDS<F>, 0);
    }
    for (;;) {
      pairs_.clear();
      for (List& list : lists) {
        const uint32_t half = (list.count + 1) / 2;
        for (uint32_t i = half; i < list.count; i++)
          pairs_.push_back({members[list.first + i - half], members[list.first + i]});
        list.count = half;
      }
      if (pairs_.empty()) return;
      points.at(spare)[0] = 1;
      pairs_.resize((pairs_.size() + GROUP * LANES - 1) / (GROUP * LANES) * (GROUP * LANES), {spare, spare + 1});
      Source source{points, pairs_.data()};
      batchAdd<E>(source, pairs_.size() / LANES, scratch);
    }
  }

 private:
  struct Pair {
    uint32_t to, from;
  };

  struct Source {
    const PackedPoints<F>& points;
    const Pair* pairs;

    template <size_t OFFSET>
    E coordinate(size_t i, uint32_t Pair::* member) const {
      const uint64_t* address[LANES];
      for (size_t l = 0; l < LANES; l++) address[l] = points.at(pairs[i * LANES + l].*member) + OFFSET;
      return gatherCoordinate<F>(address);
    }
    E x1(size_t i) const { return coordinate<0>(i, &Pair::to); }
    E y1(size_t i) const { return coordinate<COORDINATE_WORDS<F>>(i, &Pair::to); }
    E x2(size_t i) const { return coordinate<0>(i, &Pair::from); }
    E y2Raw(size_t i) const { return coordinate<COORDINATE_WORDS<F>>(i, &Pair::from); }
    void store(size_t i, size_t offset, const E& a) const {
      uint64_t* address[LANES];
      for (size_t l = 0; l < LANES; l++) address[l] = points.at(pairs[i * LANES + l].to);
      scatterCoordinate(address, offset, a);
    }
    void storeX(size_t i, const E& x) const { store(i, 0, x); }
    void storeY(size_t i, const E& y) const { store(i, COORDINATE_WORDS<F>, y); }
    LaneMask infinite(size_t i, uint32_t Pair::* member) const {
      unsigned mask = 0;
      for (size_t l = 0; l < LANES; l++) mask |= static_cast<unsigned>(points.infinite[pairs[i * LANES + l].*member]) << l;
      return static_cast<LaneMask>(mask);
    }
    LaneMask infinite1(size_t i) const { return infinite(i, &Pair::to); }
    LaneMask infinite2(size_t i) const { return infinite(i, &Pair::from); }
    void storeInfinite(size_t i, LaneMask mask) const {
      for (size_t l = 0; l < LANES; l++) points.infinite[pairs[i * LANES + l].to] = mask >> l & 1;
    }
    bool anyInfinite(size_t first, size_t count) const {
      unsigned any = 0;
      for (size_t n = first * LANES; n < (first + count) * LANES; n++)
        any |= points.infinite[pairs[n].to] | points.infinite[pairs[n].from];
      return any != 0;
    }
  };

  std::vector<Pair> pairs_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
