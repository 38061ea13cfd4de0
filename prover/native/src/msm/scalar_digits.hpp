// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <vector>

#include "../parallel/thread_pool.hpp"
#include "digits.hpp"
#include "prepared_points.hpp"
#include "arena.hpp"
#include "../wipe.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Scalars sorted into zeros (left out), ones (a witness is full of both) and others, and the digits of the others.
 *
 * Two passes over blocks of points: the first counts, so that in the second each block knows where to write.
 */
class ScalarDigits {
 public:
  /** @param points the base, for the order of its kept points */
  template <class F>
  void classify(const PreparedPoints<F>& points, std::span<const Words> scalars, ThreadPool& pool) {
    const size_t size = points.size();
    blocks_.assign((size + BLOCK - 1) / BLOCK + 1, {});
    pool.run(blocks_.size() - 1, [&](size_t b, unsigned) {
      Counts counts;
      for (size_t i = b * BLOCK; i < std::min(size, (b + 1) * BLOCK); i++) {
        const Words& s = scalars[points.source(i)];
        const bool small = (s[1] | s[2] | s[3]) == 0 && s[0] <= 1;
        counts.ones += small ? s[0] : 0;
        counts.others += small ? 0 : 1;
      }
      blocks_[b + 1] = counts;
    });
    for (size_t b = 0; b + 1 < blocks_.size(); b++) {
      blocks_[b + 1].ones += blocks_[b].ones;
      blocks_[b + 1].others += blocks_[b].others;
    }
    ones_ = blocks_.back().ones;
    others_ = blocks_.back().others;
  }

  /** After classify, of the same scalars. What there is lives as long as the arena's open scope. */
  template <class F>
  void extract(const PreparedPoints<F>& points, std::span<const Words> scalars, const WindowPlan& plan,
               ThreadPool& pool, Arena& arena) {
    const size_t size = points.size();
    // Rows start on a cache line, and not a power of two apart.
    stride_ = (others_ + 31) / 32 * 32 + 32;
    int16_t* const rows = rows_ = arena.take<int16_t>(stride_ * plan.windows.size());
    uint32_t* const ones = onePoints_ = arena.take<uint32_t>(ones_);
    uint32_t* const others = otherPoints_ = arena.take<uint32_t>(others_);
    pool.run(blocks_.size() - 1, [&](size_t b, unsigned) {
      std::vector<Words> kept;
      kept.reserve(BLOCK);
      size_t one = blocks_[b].ones;
      const size_t firstOther = blocks_[b].others;
      for (size_t i = b * BLOCK; i < std::min(size, (b + 1) * BLOCK); i++) {
        const Words& s = scalars[points.source(i)];
        if ((s[1] | s[2] | s[3]) == 0 && s[0] <= 1) {
          if (s[0] == 1) ones[one++] = static_cast<uint32_t>(i);
        } else {
          others[firstOther + kept.size()] = static_cast<uint32_t>(i);
          kept.push_back(s);
        }
      }
      extractDigits(plan, kept, rows + firstOther, stride_);
      wipe(std::span(kept));
    });
  }

  /** Kept points whose scalar is 1. */
  std::span<const uint32_t> ones() const { return {onePoints_, ones_}; }
  /** How many scalars are neither 0 nor 1. */
  size_t others() const { return others_; }
  /** Their kept points. */
  const uint32_t* otherPoints() const { return otherPoints_; }
  /** Their digits at window w. */
  std::span<const int16_t> row(size_t w) const { return {rows_ + w * stride_, others_}; }

 private:
  static constexpr size_t BLOCK = 4096;

  struct Counts {
    size_t ones = 0, others = 0;
  };

  std::vector<Counts> blocks_;
  size_t ones_ = 0, others_ = 0, stride_ = 0;
  int16_t* rows_ = nullptr;
  uint32_t* onePoints_ = nullptr;
  uint32_t* otherPoints_ = nullptr;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
