// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <bit>
#include <span>
#include <stdexcept>
#include <vector>

#include "../msm/batch_add.hpp"
#include "../parallel/cancel_token.hpp"
#include "../parallel/huge_buffer.hpp"
#include "../parallel/thread_pool.hpp"
#include "coordinate_vector.hpp"
#include "odd_digits.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Multiples of one point by a table: row k holds (2j + 1) * 2^(k*windowBits) * G for all j, so that a product is one
 * addition a row. Thousands of products are made side by side, and share an inversion row by row.
 */
template <class F>
class FixedBase {
  using E = CoordinateLanes<F>;
  /** Vectors of products made side by side: as many as share an inversion. */
  static constexpr size_t BLOCK = BatchAddScratch<E>::CHUNK;

 public:
  /** @param point of order r @param windowBits in [7, 24]: wider ones cost a larger table and save additions */
  FixedBase(const AffinePoint<F>& point, unsigned windowBits, ThreadPool& pool) : digits_(windowBits) {
    if (windowBits < 7 || windowBits > 24) throw std::invalid_argument("window bits of a fixed base");
    size_t entries = 0;
    for (unsigned w = 0; w < digits_.windows(); w++) {
      rows_.push_back(entries * POINT_WORDS<F>);
      entries += std::max(digits_.magnitudes(w), FIRST_ENTRIES);
    }
    table_ = HugeBuffer<uint64_t>(entries * POINT_WORDS<F>);
    const std::vector<AffinePoint<F>> powers = powersOfTwo(point);
    pool.run(digits_.windows(), [&](size_t window, unsigned) { buildRow(static_cast<unsigned>(window), powers); });
  }

  /** Products that `multiply` makes at once, on one thread. */
  static constexpr size_t BATCH = BLOCK * LANES;

  size_t bytes() const { return table_.bytes(); }

  /** One thread's memory; scalars leave their digits and sums in it, and the arena overwrites it at its end. */
  class Workspace {
   public:
    Workspace()
        : scratch_(arena_),
          x_(arena_.take<E>(BLOCK), BLOCK),
          y_(arena_.take<E>(BLOCK), BLOCK),
          recoded_(arena_.take<Words>(BATCH), BATCH),
          digits_(arena_.take<uint32_t>(BATCH + AHEAD), BATCH + AHEAD) {
      std::fill(digits_.begin(), digits_.end(), 0);  // those that only say what to fetch ahead
    }
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

   private:
    friend class FixedBase;
    Arena arena_;
    BatchAddScratch<E> scratch_;
    std::span<E> x_, y_;
    std::span<Words> recoded_;
    std::span<uint32_t> digits_;
    std::vector<size_t> places_;
  };

  /** out[i] = scalars[i] * point, infinity for 0. At most BATCH scalars, each below r. */
  void multiply(std::span<const Words> scalars, AffinePoint<F>* out, Workspace& work) const {
    work.places_.clear();
    for (size_t i = 0; i < scalars.size(); i++) {
      if ((scalars[i][0] | scalars[i][1] | scalars[i][2] | scalars[i][3]) == 0) {
        out[i] = AffinePoint<F>::infinity();
      } else {
        work.recoded_[work.places_.size()] = OddDigits::recode(scalars[i]);
        work.places_.push_back(i);
      }
    }
    const size_t count = work.places_.size();
    if (count == 0) return;
    // Products that only fill the last group.
    const size_t vectors = (count + GROUP * LANES - 1) / (GROUP * LANES) * GROUP;
    for (size_t n = count; n < vectors * LANES; n++) work.recoded_[n] = OddDigits::recode(Words{1, 0, 0, 0});

    Accumulate source{work.x_.data(), work.y_.data(), nullptr, work.digits_.data()};
    for (unsigned window = 0; window < digits_.windows(); window++) {
      source.row = table_.data() + rows_[window];
      for (size_t n = 0; n < vectors * LANES; n++) work.digits_[n] = digits_.digit(work.recoded_[n], window);
      if (window == 0) {
        for (size_t i = 0; i < vectors; i++) {
          source.x[i] = source.x2(i);
          source.y[i] = reduce(source.y2Raw(i));
        }
      } else {
        batchAdd<E>(source, vectors, work.scratch_);
      }
    }
    AffinePoint<F> points[LANES];
    for (size_t i = 0; i < vectors; i++) {
      fromLanes(points, work.x_[i], work.y_[i]);
      for (size_t l = 0; l < LANES && i * LANES + l < count; l++) out[work.places_[i * LANES + l]] = points[l];
    }
  }

 private:
  /** Entries of a row that are made one by one, before halves are made from halves. */
  static constexpr size_t FIRST_ENTRIES = GROUP * LANES;
  /** Table entries are fetched so many products before they are added. */
  static constexpr size_t AHEAD = 64;

  /** To each product, the table's entry that its digit names. */
  struct Accumulate {
    E* __restrict x;
    E* __restrict y;
    const uint64_t* row;
    const uint32_t* digit;

    PHALANX_INLINE const uint64_t* entry(size_t n) const {
      return row + size_t{digit[n] & ~OddDigits::NEGATIVE} * POINT_WORDS<F>;
    }
    template <size_t OFFSET>
    PHALANX_INLINE E coordinate(size_t i) const {
      const uint64_t* address[LANES];
      for (size_t l = 0; l < LANES; l++) address[l] = entry(i * LANES + l) + OFFSET;
      return gatherCoordinate<F>(address);
    }
    PHALANX_INLINE const E& x1(size_t i) const { return x[i]; }
    PHALANX_INLINE const E& y1(size_t i) const { return y[i]; }
    PHALANX_INLINE E x2(size_t i) const {
      for (size_t l = 0; l < LANES; l++) {
        const uint64_t* const ahead = entry(i * LANES + AHEAD + l);
        __builtin_prefetch(ahead);
        if constexpr (POINT_WORDS<F> > 8) __builtin_prefetch(ahead + 8);
      }
      return coordinate<0>(i);
    }
    PHALANX_INLINE E y2Raw(size_t i) const {
      unsigned negative = 0;
      for (size_t l = 0; l < LANES; l++) negative |= digit[i * LANES + l] >> 31 << l;
      return negateRaw<2>(static_cast<LaneMask>(negative), coordinate<COORDINATE_WORDS<F>>(i));
    }
    PHALANX_INLINE void storeX(size_t i, const E& a) const { x[i] = a; }
    PHALANX_INLINE void storeY(size_t i, const E& a) const { y[i] = a; }
    // No sum is infinite: see OddDigits, and a scalar is not 0.
    bool anyInfinite(size_t, size_t) const { return false; }
    LaneMask infinite1(size_t) const { return 0; }
    LaneMask infinite2(size_t) const { return 0; }
    void storeInfinite(size_t, LaneMask) const {}
  };

  /** The second half of a part of a row: one point added to every entry of the first half. */
  struct Extend {
    uint64_t* row;
    size_t have;
    E addedX, addedY;

    uint64_t* entry(size_t n) const { return row + n * POINT_WORDS<F>; }
    E coordinate(size_t i, size_t offset) const {
      const uint64_t* address[LANES];
      for (size_t l = 0; l < LANES; l++) address[l] = entry(i * LANES + l) + offset;
      return gatherCoordinate<F>(address);
    }
    void store(size_t i, size_t offset, const E& a) const {
      uint64_t* address[LANES];
      for (size_t l = 0; l < LANES; l++) address[l] = entry(have + i * LANES + l);
      scatterCoordinate(address, offset, a);
    }
    E x1(size_t i) const { return coordinate(i, 0); }
    E y1(size_t i) const { return coordinate(i, COORDINATE_WORDS<F>); }
    E x2(size_t) const { return addedX; }
    E y2Raw(size_t) const { return addedY; }
    void storeX(size_t i, const E& a) const { store(i, 0, a); }
    void storeY(size_t i, const E& a) const { store(i, COORDINATE_WORDS<F>, a); }
    bool anyInfinite(size_t, size_t) const { return false; }
    LaneMask infinite1(size_t) const { return 0; }
    LaneMask infinite2(size_t) const { return 0; }
    void storeInfinite(size_t, LaneMask) const {}
  };

  /** 2^i * point, as far as a row needs them. */
  static std::vector<AffinePoint<F>> powersOfTwo(const AffinePoint<F>& point) {
    std::vector<JacobianPoint<F>> powers{JacobianPoint<F>::from(point)};
    while (powers.size() <= OddDigits::BITS) powers.push_back(dbl(powers.back()));
    return toAffineBatch(powers);
  }

  static std::vector<AffinePoint<F>> toAffineBatch(std::span<const JacobianPoint<F>> points) {
    std::vector<F> inverses;
    for (const auto& p : points) inverses.push_back(p.z);
    invertBatch(std::span(inverses));
    std::vector<AffinePoint<F>> affine;
    for (size_t i = 0; i < points.size(); i++) {
      const F zz = sqr(inverses[i]);
      affine.push_back({mul(points[i].x, zz), mul(points[i].y, mul(zz, inverses[i]))});
    }
    return affine;
  }

  void buildRow(unsigned window, const std::vector<AffinePoint<F>>& powers) {
    const unsigned offset = digits_.offset(window);
    uint64_t* const row = table_.data() + rows_[window];
    // 1, 3, 5, ... times the row's power of two.
    std::vector<JacobianPoint<F>> odd{JacobianPoint<F>::from(powers[offset])};
    while (odd.size() < FIRST_ENTRIES) odd.push_back(add(odd.back(), powers[offset + 1]));
    const std::vector<AffinePoint<F>> first = toAffineBatch(odd);
    for (size_t i = 0; i < FIRST_ENTRIES; i += LANES) {
      E x, y;
      toLanes(x, y, &first[i]);
      uint64_t* address[LANES];
      for (size_t l = 0; l < LANES; l++) address[l] = row + (i + l) * POINT_WORDS<F>;
      scatterCoordinate(address, 0, x);
      scatterCoordinate(address, COORDINATE_WORDS<F>, y);
    }
    Arena arena;
    const BatchAddScratch<E> scratch(arena);
    unsigned power = offset + 1 + std::countr_zero(FIRST_ENTRIES);
    for (size_t have = FIRST_ENTRIES; have < digits_.magnitudes(window); have *= 2, power++) {
      const std::vector<AffinePoint<F>> same(LANES, powers[power]);
      Extend source{row, have, {}, {}};
      toLanes(source.addedX, source.addedY, same.data());
      batchAdd<E>(source, have / LANES, scratch);
    }
  }

  OddDigits digits_;
  /** Offset of each row, in words. */
  std::vector<size_t> rows_;
  HugeBuffer<uint64_t> table_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
