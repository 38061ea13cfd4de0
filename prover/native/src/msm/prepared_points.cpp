// SPDX-License-Identifier: GPL-3.0-or-later
#include "prepared_points.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

/** Points of one piece of parallel work; whole groups of lanes. */
constexpr size_t BLOCK = 4096;

/** Field elements of `count` points to the lanes' form, packed. */
template <class F>
void pack(uint64_t* to, const AffinePoint<F>* from, size_t count) {
  constexpr size_t ELEMENTS = POINT_WORDS<F> / 4;
  const Fq* const elements = reinterpret_cast<const Fq*>(from);
  const size_t total = count * ELEMENTS;
  size_t i = 0;
  for (; i + LANES <= total; i += LANES) storePacked(to + 4 * i, reduceFully(fromElements(elements + i)));
  if (i == total) return;
  Fq rest[LANES]{};
  std::copy(elements + i, elements + total, rest);
  alignas(64) uint64_t words[4 * LANES];
  storePacked(words, reduceFully(fromElements(rest)));
  std::copy(words, words + 4 * (total - i), to + 4 * i);
}

}  // namespace

template <class F>
PreparedPoints<F>::PreparedPoints(std::span<const AffinePoint<F>> points, ThreadPool& pool)
    : originalSize_(points.size()) {
  static_assert(sizeof(AffinePoint<F>) == 8 * POINT_WORDS<F>);
  if (points.size() >= size_t{1} << 31) throw std::length_error("too many points for a multi-scalar product");
  const size_t blocks = (points.size() + BLOCK - 1) / BLOCK;
  const auto block = [&](size_t b) { return points.subspan(b * BLOCK, std::min(BLOCK, points.size() - b * BLOCK)); };

  std::vector<size_t> start(blocks + 1);
  pool.run(blocks, [&](size_t b, unsigned) {
    size_t kept = 0;
    for (const auto& p : block(b)) kept += p.isInfinity() ? 0 : 1;
    start[b + 1] = kept;
  });
  for (size_t b = 0; b < blocks; b++) start[b + 1] += start[b];
  size_ = start[blocks];

  // Reads run ahead of the last point: see WindowSum's prefetching, which stays within the indices it has.
  packed_ = HugeBuffer<uint64_t>(size_ * POINT_WORDS<F>);
  if (size_ < points.size()) source_ = HugeBuffer<uint32_t>(size_);
  pool.run(blocks, [&](size_t b, unsigned) {
    std::vector<AffinePoint<F>> kept;
    kept.reserve(BLOCK);
    size_t original = b * BLOCK, to = start[b];
    for (const auto& p : block(b)) {
      if (!p.isInfinity()) {
        kept.push_back(p);
        if (source_.size() != 0) source_[to] = static_cast<uint32_t>(original);
        to++;
      }
      original++;
    }
    pack(packed_.data() + start[b] * POINT_WORDS<F>, kept.data(), kept.size());
  });
}

template <class F>
template <class G>
bool PreparedPoints<F>::sameSources(const PreparedPoints<G>& other) const {
  return originalSize_ == other.originalSize_ && size_ == other.size_ && source_.size() == other.source_.size() &&
         std::equal(source_.begin(), source_.end(), other.source_.begin());
}

template class PreparedPoints<Fq>;
template class PreparedPoints<Fq2>;
template bool PreparedPoints<Fq>::sameSources(const PreparedPoints<Fq2>&) const;
template bool PreparedPoints<Fq>::sameSources(const PreparedPoints<Fq>&) const;

}  // namespace PHALANX_PATH
}  // namespace phalanx
