// SPDX-License-Identifier: GPL-3.0-or-later
// Many independent additions of affine points that share one inversion (Montgomery's trick), four chains of lanes.
//
// An addition costs five products and a square. The fast pass knows neither infinity nor equal nor opposite points:
// they show as a zero among the differences of x, so in the one product of all of them. Only a chunk where that happens
// is added again, exactly.
#pragma once

#include "../field/lanes_invert.hpp"
#include "arena.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Additions are taken in groups of this many vectors. */
inline constexpr size_t GROUP = 4;

/** Memory for a chunk, which should stay in the second-level cache together with the points added. */
template <class E>
class BatchAddScratch {
 public:
  /** Most vectors in a chunk: more share one inversion, fewer stay in the cache. */
  static constexpr size_t CHUNK = E::width == 1 ? 1024 : sizeof(E) <= 320 ? 320 : 160;
  static_assert(CHUNK % GROUP == 0);

  struct Group {
    E difference[GROUP];
    E before[GROUP];
  };
  /** What is special about a vector, a bit a lane. */
  struct Special {
    LaneMask infinite1, infinite2, equal, opposite;
  };

  /** Lives as long as the arena's open scope. */
  explicit BatchAddScratch(Arena& arena) : groups(arena.take<Group>(CHUNK / GROUP)), special(arena.take<Special>(CHUNK)) {}

  Group* groups;
  Special* special;
};

// Products of a group, not inlined: a loop with six of them would outgrow the processor's store of decoded
// instructions, and then run up to half slower, depending on where the linker happens to put it.

template <bool Raw, class E>
[[gnu::noinline]] void mulGroup(E* r, const E* a, const E* b) {
  mulN<GROUP, Raw>(r, a, b);
}
template <class E>
[[gnu::noinline]] void sqrGroupRaw(E* r, const E* a) {
  sqrN<GROUP, true>(r, a);
}

/** acc[k] = 1/acc[k] for the four chains. Returns whether all lanes could be inverted. */
template <class E>
[[gnu::noinline]] bool invertChains(E* acc) {
  const E low = mul(acc[0], acc[1]), high = mul(acc[2], acc[3]);
  const E all = mul(low, high);
  if (isZero(all)) return false;
  const E inverseAll = inverse(all);
  const E inverseLow = mul(inverseAll, high), inverseHigh = mul(inverseAll, low);
  const E first = acc[0], third = acc[2];
  acc[0] = mul(inverseLow, acc[1]);
  acc[1] = mul(inverseLow, first);
  acc[2] = mul(inverseHigh, acc[3]);
  acc[3] = mul(inverseHigh, third);
  return true;
}

/** x3 = slope^2 - x1 - x2, from the raw square and difference = x2 - x1 + 2p (below 3.1); reduced. */
template <class E>
PHALANX_INLINE E sumX(const E& rawSquare, const E& difference, const E& x1) {
  return reduce(subRaw<6>(rawSquare, addRaw(difference, addRaw(x1, x1))));
}

/**
 * The additions of one chunk by the fast formulas. Returns false, with nothing stored, when one of them is special.
 * The source is a copy, which no store can reach, so that its pointers stay in registers.
 */
template <class E, class Source>
[[gnu::noinline]] bool addChunkFast(const Source source, size_t first, size_t count, const BatchAddScratch<E>& scratch) {
  typename BatchAddScratch<E>::Group* const groups = scratch.groups;
  E acc[GROUP];
  for (E& a : acc) a = E::one();
  const size_t groupCount = count / GROUP;
  for (size_t g = 0; g < groupCount; g++) {
    for (size_t k = 0; k < GROUP; k++) {
      const size_t i = first + g * GROUP + k;
      copy(groups[g].difference[k], sub<2>(source.x2(i), source.x1(i)));
      copy(groups[g].before[k], acc[k]);
    }
    mulGroup<false>(acc, acc, groups[g].difference);
  }
  if (!invertChains(acc)) return false;
  for (size_t g = groupCount; g-- > 0;) {
    const auto& group = groups[g];
    const size_t i = first + g * GROUP;
    E inverses[GROUP], slope[GROUP], square[GROUP], y[GROUP];
    mulGroup<false>(inverses, acc, group.before);
    mulGroup<false>(acc, acc, group.difference);
    for (size_t k = 0; k < GROUP; k++) copy(y[k], carry(subRaw<2>(source.y2Raw(i + k), source.y1(i + k))));
    mulGroup<false>(slope, inverses, y);
    sqrGroupRaw(square, slope);
    for (size_t k = 0; k < GROUP; k++) {
      const E& x1 = source.x1(i + k);
      const E x3 = sumX(square[k], group.difference[k], x1);
      copy(y[k], sub<2>(x1, x3));
      source.storeX(i + k, x3);
    }
    mulGroup<true>(y, y, slope);
    for (size_t k = 0; k < GROUP; k++) source.storeY(i + k, reduce(subRaw<2>(y[k], source.y1(i + k))));
  }
  return true;
}

/** The additions of one chunk, whatever the points: equal, opposite, infinite. */
template <class E, class Source>
[[gnu::noinline]] void addChunkExact(const Source& source, size_t first, size_t count, const BatchAddScratch<E>& scratch) {
  E acc = E::one();
  for (size_t n = 0; n < count; n++) {
    const size_t i = first + n;
    auto& special = scratch.special[n];
    special.infinite1 = source.infinite1(i);
    special.infinite2 = source.infinite2(i);
    const LaneMask finite = static_cast<LaneMask>(~(special.infinite1 | special.infinite2)) & E::allLanes;
    const E y1 = source.y1(i), y2 = carry(source.y2Raw(i));
    E difference = sub<2>(source.x2(i), source.x1(i));
    const LaneMask sameX = isZero(difference) & finite, sameY = isZero(sub<2>(y2, y1));
    special.equal = sameX & sameY;
    special.opposite = sameX & static_cast<LaneMask>(~sameY);
    // The slope of a tangent is 3*x^2 / 2*y.
    difference = select(special.equal, add(y1, y1), difference);
    difference = select(static_cast<LaneMask>(~finite) | special.opposite, E::one(), difference);
    auto& group = scratch.groups[n / GROUP];
    group.difference[n % GROUP] = difference;
    group.before[n % GROUP] = acc;
    acc = mul(acc, difference);
  }
  acc = inverse(acc);
  for (size_t n = count; n-- > 0;) {
    const size_t i = first + n;
    const auto& special = scratch.special[n];
    const auto& group = scratch.groups[n / GROUP];
    const E difference = group.difference[n % GROUP];
    const E inverseHere = mul(acc, group.before[n % GROUP]);
    acc = mul(acc, difference);
    const E x1 = source.x1(i), y1 = source.y1(i), x2 = source.x2(i), y2 = reduce(source.y2Raw(i));
    const E xx = reduce(sqr(x1));
    const E numerator = select(special.equal, add(xx, add(xx, xx)), sub<2>(y2, y1));
    const E slope = mul(inverseHere, numerator);
    const E zeroDifference = E::template multipleOfModulus<2>();
    E x3 = sumX(sqr(slope), select(special.equal, zeroDifference, difference), x1);
    E y3 = reduce(subRaw<2>(mul(sub<2>(x1, x3), slope), y1));
    x3 = select(special.infinite1, x2, select(special.infinite2, x1, x3));
    y3 = select(special.infinite1, y2, select(special.infinite2, y1, y3));
    source.storeX(i, x3);
    source.storeY(i, y3);
    source.storeInfinite(i, special.opposite | (special.infinite1 & special.infinite2));
  }
}

/**
 * point1(i) += point2(i) for i < count, each i a vector of lanes; count is a multiple of GROUP.
 *
 * Source has x1(i), y1(i), x2(i) (normal, below 1.1), y2Raw(i) (raw, below 2), storeX(i, x), storeY(i, y),
 * infinite1(i), infinite2(i), storeInfinite(i, mask), and anyInfinite(first, count). What it stores at i may be read at
 * i only. The coordinates of an infinite point may be anything within the bounds.
 */
template <class E, class Source>
void batchAdd(const Source& source, size_t count, const BatchAddScratch<E>& scratch) {
  const size_t chunks = (count + BatchAddScratch<E>::CHUNK - 1) / BatchAddScratch<E>::CHUNK;
  for (size_t c = 0; c < chunks; c++) {
    const size_t groups = count / GROUP, first = groups * c / chunks * GROUP;
    const size_t n = groups * (c + 1) / chunks * GROUP - first;
    if (source.anyInfinite(first, n) || !addChunkFast<E>(source, first, n, scratch))
      addChunkExact<E>(source, first, n, scratch);
  }
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
