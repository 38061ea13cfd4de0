// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>

#include "../parallel/cancel_token.hpp"
#include "bit_sums.hpp"
#include "bucket_order.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** One thread's work on the buckets of one window. Keeps its memory from one window to the next. */
template <class F>
class WindowSum {
  using E = CoordinateLanes<F>;
  static constexpr size_t WIDTH = LANES;

 public:
  /**
   * Adds to `result` the sum over the buckets b < `buckets` (a power of two) of 2^offset * (firstBucket + b + 1) times
   * the sum of the points that `order` puts there.
   * @param points packed, as the order's indices name them
   * @throws Cancelled
   */
  void run(const uint64_t* points, const BucketOrder& order, size_t firstBucket, size_t buckets, unsigned offset,
           BitSums<F>& result, Arena& arena, const CancelToken& cancel) {
    if (order.pieces() == 0) return;
    const Arena::Scope scope(arena);
    const BatchAddScratch<E> scratch(arena);
    scratch_ = &scratch;
    const size_t vectors = std::max(groups((order.pieces() + WIDTH - 1) / WIDTH), std::max<size_t>(1, buckets / WIDTH) + SPARE);
    x_ = arena.take<E>(vectors);
    y_ = arena.take<E>(vectors);
    infinite_ = arena.take<LaneMask>(vectors);
    accumulate(points, order, cancel);
    collect(order, buckets, arena);
    cancel.check();
    fold();
    result.addLanes(offset, x_[0], y_[0], ~infinite_[0], [&](size_t l) { return firstBucket + l + 1; });
    constexpr unsigned LANE_BITS = std::countr_zero(WIDTH);
    for (size_t bit = 0; size_t{1} << bit < vectors_; bit++) {
      const size_t v = size_t{1} << bit;
      result.addLanes(offset + LANE_BITS + static_cast<unsigned>(bit), x_[v], y_[v], ~infinite_[v],
                      [](size_t) { return 1; });
    }
  }

 private:
  static constexpr size_t groups(size_t vectors) { return (vectors + GROUP - 1) / GROUP * GROUP; }

  /** Coordinates of some vectors of points; the three pointers of a step or of the folding. */
  struct Vectors {
    E* __restrict x;
    E* __restrict y;
    LaneMask* infinite;

    bool anyInfinite(size_t first, size_t count) const {
      LaneMask any = 0;
      for (size_t i = first; i < first + count; i++) any |= infinite[i];
      return any != 0;
    }
  };

  /** One step of a window: to the sum of each piece, its next point. */
  struct StepSource : Vectors {
    const uint64_t* points;
    const uint32_t* order;

    /** So many points ahead: long enough for the memory, short enough for the cache. */
    static constexpr size_t AHEAD = 64;

    PHALANX_INLINE const uint64_t* point(size_t n) const {
      return points + size_t{order[n] & ~BucketOrder::NEGATIVE} * POINT_WORDS<F>;
    }
    template <size_t OFFSET>
    PHALANX_INLINE E coordinate(size_t i) const {
      const uint64_t* address[WIDTH];
      for (size_t l = 0; l < WIDTH; l++) address[l] = point(i * WIDTH + l) + OFFSET;
      return gatherCoordinate<F>(address);
    }
    PHALANX_INLINE const E& x1(size_t i) const { return this->x[i]; }
    PHALANX_INLINE const E& y1(size_t i) const { return this->y[i]; }
    PHALANX_INLINE E x2(size_t i) const {
      for (size_t l = 0; l < WIDTH; l++) prefetch(point(i * WIDTH + AHEAD + l));
      return coordinate<0>(i);
    }
    /** The points that a step begins with, which no earlier vector of it asks for. */
    void prefetchFirst(const uint32_t* step) const {
      for (size_t n = 0; n < AHEAD; n++) prefetch(points + size_t{step[n] & ~BucketOrder::NEGATIVE} * POINT_WORDS<F>);
    }
    static PHALANX_INLINE void prefetch(const uint64_t* point) {
      __builtin_prefetch(point);
      if constexpr (POINT_WORDS<F> > 8) __builtin_prefetch(point + 8);
    }
    PHALANX_INLINE E y2Raw(size_t i) const {
      return negateRaw<2>(negative(i), coordinate<COORDINATE_WORDS<F>>(i));
    }
    PHALANX_INLINE LaneMask negative(size_t i) const {
#if defined(PHALANX_IFMA)
      return _mm256_movepi32_mask(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(order + i * WIDTH)));
#else
      LaneMask mask = 0;
      for (size_t l = 0; l < WIDTH; l++) mask |= static_cast<LaneMask>(order[i * WIDTH + l] >> 31 << l);
      return mask;
#endif
    }
    PHALANX_INLINE void storeX(size_t i, const E& a) const { copy(this->x[i], a); }
    PHALANX_INLINE void storeY(size_t i, const E& a) const { copy(this->y[i], a); }
    LaneMask infinite1(size_t i) const { return this->infinite[i]; }
    LaneMask infinite2(size_t) const { return 0; }
    void storeInfinite(size_t i, LaneMask mask) const { this->infinite[i] = mask; }
  };

  struct Fold {
    uint32_t to, from;
  };

  /** Additions among the vectors themselves. */
  struct FoldSource : Vectors {
    const Fold* folds;

    PHALANX_INLINE const E& x1(size_t i) const { return this->x[folds[i].to]; }
    PHALANX_INLINE const E& y1(size_t i) const { return this->y[folds[i].to]; }
    PHALANX_INLINE const E& x2(size_t i) const { return this->x[folds[i].from]; }
    PHALANX_INLINE const E& y2Raw(size_t i) const { return this->y[folds[i].from]; }
    PHALANX_INLINE void storeX(size_t i, const E& a) const { copy(this->x[folds[i].to], a); }
    PHALANX_INLINE void storeY(size_t i, const E& a) const { copy(this->y[folds[i].to], a); }
    LaneMask infinite1(size_t i) const { return this->infinite[folds[i].to]; }
    LaneMask infinite2(size_t i) const { return this->infinite[folds[i].from]; }
    void storeInfinite(size_t i, LaneMask mask) const { this->infinite[folds[i].to] = mask; }
    bool anyInfinite(size_t first, size_t count) const {
      LaneMask any = 0;
      for (size_t i = first; i < first + count; i++)
        any |= this->infinite[folds[i].to] | this->infinite[folds[i].from];
      return any != 0;
    }
  };

  /** The sum of every piece, in the order of pieces: range by range, so that the sums at work stay in the cache. */
  void accumulate(const uint64_t* points, const BucketOrder& order, const CancelToken& cancel) {
    const size_t vectors = groups((order.pieces() + WIDTH - 1) / WIDTH);
    const StepSource begin{{x_, y_, infinite_}, points, order.step(0)};
    for (size_t i = 0; i < vectors; i++) {
      copy(x_[i], begin.x2(i));
      copy(y_[i], reduce(begin.y2Raw(i)));
      infinite_[i] = 0;
    }
    const size_t ranges = (vectors + BatchAddScratch<E>::CHUNK - 1) / BatchAddScratch<E>::CHUNK;
    for (size_t r = 0; r < ranges; r++) {
      const size_t first = vectors / GROUP * r / ranges * GROUP, end = vectors / GROUP * (r + 1) / ranges * GROUP;
      for (size_t t = 1; t < order.steps() && order.count(t) > first * WIDTH; t++) {
        cancel.check();
        StepSource source{{x_ + first, y_ + first, infinite_ + first}, points, order.step(t) + first * WIDTH};
        if (t + 1 < order.steps() && order.count(t + 1) > first * WIDTH)
          source.prefetchFirst(order.step(t + 1) + first * WIDTH);
        addStep(source, std::min(order.count(t), end * WIDTH) - first * WIDTH);
      }
    }
  }

  /** Additions to the first `count` sums of the source. */
  void addStep(const StepSource& source, size_t count) {
    const size_t vectors = groups((count + WIDTH - 1) / WIDTH), last = vectors - GROUP;
    if (count == vectors * WIDTH) return batchAdd<E>(source, vectors, *scratch_);
    // The last group reaches beyond the pieces that take part: those keep what they had.
    E keepX[GROUP], keepY[GROUP];
    LaneMask keepInfinite[GROUP];
    for (size_t k = 0; k < GROUP; k++) {
      copy(keepX[k], source.x[last + k]);
      copy(keepY[k], source.y[last + k]);
      keepInfinite[k] = source.infinite[last + k];
    }
    batchAdd<E>(source, vectors, *scratch_);
    for (size_t k = 0; k < GROUP; k++) {
      const size_t before = (last + k) * WIDTH, active = count <= before ? 0 : std::min(count - before, WIDTH);
      const LaneMask mask = static_cast<LaneMask>((1u << active) - 1);
      copy(source.x[last + k], select(mask, source.x[last + k], keepX[k]));
      copy(source.y[last + k], select(mask, source.y[last + k], keepY[k]));
      source.infinite[last + k] = (source.infinite[last + k] & mask) | (keepInfinite[k] & ~mask);
    }
  }

  /** The sum of every bucket, in the order of buckets. */
  void collect(const BucketOrder& order, size_t buckets, Arena& arena) {
    const size_t pieces = order.pieces(), used = (pieces + WIDTH - 1) / WIDTH;
    const PackedPoints<F> sums{arena.take<uint64_t>((used * WIDTH + PackedPoints<F>::EXTRA) * POINT_WORDS<F>),
                               arena.take<uint8_t>(used * WIDTH + PackedPoints<F>::EXTRA), used * WIDTH};
    for (size_t i = 0; i < used; i++) {
      uint64_t* address[WIDTH];
      for (size_t l = 0; l < WIDTH; l++) {
        address[l] = sums.at(i * WIDTH + l);
        sums.infinite[i * WIDTH + l] = infinite_[i] >> l & 1;
      }
      scatterCoordinate(address, 0, x_[i]);
      scatterCoordinate(address, COORDINATE_WORDS<F>, y_[i]);
    }
    members_.clear();
    lists_.clear();
    for (const uint32_t bucket : order.cutBuckets()) {
      const uint32_t first = static_cast<uint32_t>(members_.size());
      for (uint32_t p = order.firstPiece(bucket); p != BucketOrder::NONE; p = order.nextPiece(p)) members_.push_back(p);
      lists_.push_back({first, static_cast<uint32_t>(members_.size()) - first});
    }
    packedSum_.run(sums, members_, lists_, *scratch_);

    vectors_ = std::max<size_t>(1, buckets / WIDTH);
    for (size_t i = 0; i < vectors_; i++) {
      const uint64_t* address[WIDTH];
      unsigned empty = 0;
      for (size_t l = 0; l < WIDTH; l++) {
        const size_t bucket = i * WIDTH + l;
        const uint32_t piece = bucket < buckets ? order.firstPiece(bucket) : BucketOrder::NONE;
        const bool none = piece == BucketOrder::NONE || sums.infinite[piece];
        address[l] = sums.at(none ? 0 : piece);
        empty |= static_cast<unsigned>(none) << l;
      }
      x_[i] = gatherCoordinate<F>(address);
      for (auto& a : address) a += COORDINATE_WORDS<F>;
      y_[i] = gatherCoordinate<F>(address);
      infinite_[i] = static_cast<LaneMask>(empty);
    }
  }

  /**
   * By halving: the lower half of the vectors takes up the upper one, whose sum is the part of the highest bit of the
   * index. Then the same with the lower half, while the upper ones are summed beside it. In the end vector 0 holds the
   * sum of all, and vector 2^j the sum of those whose index has bit j.
   */
  void fold() {
    // Two vectors for additions that only fill a group.
    const uint32_t spare = static_cast<uint32_t>(vectors_);
    infinite_[spare] = infinite_[spare + 1] = 0;
    y_[spare] = y_[spare + 1] = E::one();
    x_[spare + 1] = E::zero();
    for (size_t half = vectors_ / 2; half >= 1; half /= 2) {
      plain_.clear();
      special_.clear();
      for (uint32_t i = 0; i < half; i++) schedule(i, static_cast<uint32_t>(i + half));
      for (size_t upper = 2 * half; upper < vectors_; upper *= 2)
        for (size_t i = upper; i < upper + half; i++) schedule(static_cast<uint32_t>(i), static_cast<uint32_t>(i + half));
      for (auto* folds : {&plain_, &special_}) {
        folds->resize(groups(folds->size()), {spare, spare + 1});
        x_[spare] = E::one();
        FoldSource source{{x_, y_, infinite_}, folds->data()};
        batchAdd<E>(source, folds->size(), *scratch_);
      }
    }
  }

  void schedule(uint32_t to, uint32_t from) {
    if (infinite_[from] == E::allLanes) return;
    if (infinite_[to] == E::allLanes) {
      x_[to] = x_[from];
      y_[to] = y_[from];
      infinite_[to] = infinite_[from];
    } else if (infinite_[to] | infinite_[from]) {
      special_.push_back({to, from});
    } else {
      plain_.push_back({to, from});
    }
  }

  static constexpr size_t SPARE = 2;

  // In the arena.
  const BatchAddScratch<E>* scratch_ = nullptr;
  E* x_ = nullptr;
  E* y_ = nullptr;
  LaneMask* infinite_ = nullptr;
  size_t vectors_ = 0;

  PackedSum<F> packedSum_;
  std::vector<uint32_t> members_;
  std::vector<typename PackedSum<F>::List> lists_;
  std::vector<Fold> plain_, special_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
