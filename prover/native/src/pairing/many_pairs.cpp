// SPDX-License-Identifier: GPL-3.0-or-later
#include "many_pairs.hpp"

#include <algorithm>
#include <vector>

#if defined(PHALANX_IFMA)
#include "lane_pack.hpp"
#endif

namespace phalanx {
inline namespace PHALANX_PATH {

#if defined(PHALANX_IFMA)

namespace {

/** Pairs by eights through one loop. @param count lanes of each vector that are pairs; the others are padding */
ManyPairs pairVectors(std::span<FreePair<LaneFq2>> vectors, size_t count) {
  const Tower<LaneFq2> lanes = millerLoop<LaneFq2>(vectors, {});
  ManyPairs result{Fq12::one(), true};
  for (const FreePair<LaneFq2>& vector : vectors) result.inSubgroup &= inSubgroup(vector) == LaneFq::Value::allLanes;
  const auto each = unpack(lanes);
  for (size_t i = 0; i < std::min(count, each.size()); ++i) result.product = result.product * each[i];
  return result;
}

}  // namespace

ManyPairs pairMany(std::span<const AffineG2> points, std::span<const LinePoint<Fq>> at) {
  constexpr size_t width = LaneFq2::width;
  std::vector<FreePair<LaneFq2>> vectors;
  for (size_t i = 0; i < points.size(); i += width) {
    const size_t count = std::min(width, points.size() - i);
    vectors.push_back(freePair(pack(points.subspan(i, count)), pack(at.subspan(i, count))));
  }
  // Each lane gathers the pairs of all vectors: one that is not full needs a loop of its own, to keep its padding out.
  const size_t full = points.size() / width, rest = points.size() % width;
  ManyPairs result{Fq12::one(), true};
  if (full > 0) result = pairVectors(std::span(vectors).first(full), width);
  if (rest > 0) {
    const ManyPairs last = pairVectors(std::span(vectors).last(1), rest);
    result = {result.product * last.product, result.inSubgroup && last.inSubgroup};
  }
  return result;
}

#else

ManyPairs pairMany(std::span<const AffineG2> points, std::span<const LinePoint<Fq>> at) {
  std::vector<FreePair<Fq2>> pairs;
  for (size_t i = 0; i < points.size(); ++i) pairs.push_back(freePair(points[i], at[i]));
  const Fq12 product = millerLoop<Fq2>(pairs, {});
  return {product, std::ranges::all_of(pairs, [](const FreePair<Fq2>& pair) { return inSubgroup(pair); })};
}

#endif

}  // namespace PHALANX_PATH
}  // namespace phalanx
