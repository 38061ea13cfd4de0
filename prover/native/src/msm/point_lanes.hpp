// SPDX-License-Identifier: GPL-3.0-or-later
// Coordinates of several points at once, and packed points: what the multi-scalar product works on.
#pragma once

#include "../curve/point.hpp"
#include "../field/lanes_fq2.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * The lanes that hold coordinates in F. A packed point is x then y, in the lanes' form, four words a field element; a
 * packed point of G1 is one cache line.
 */
template <class F>
struct CoordinateTraits;
template <>
struct CoordinateTraits<Fq> {
  using Lanes = phalanx::Lanes<FqParameters>;
  static constexpr size_t words = 4;
};
template <>
struct CoordinateTraits<Fq2> {
  using Lanes = LanesFq2;
  static constexpr size_t words = 8;
};
template <class F>
using CoordinateLanes = typename CoordinateTraits<F>::Lanes;
template <class F>
inline constexpr size_t COORDINATE_WORDS = CoordinateTraits<F>::words;
template <class F>
inline constexpr size_t POINT_WORDS = 2 * CoordinateTraits<F>::words;

inline constexpr size_t LANES = Lanes<FqParameters>::width;

/** The coordinate in lane l is packed at address[l]. */
template <class F>
PHALANX_INLINE CoordinateLanes<F> gatherCoordinate(const uint64_t* const* address) {
  if constexpr (COORDINATE_WORDS<F> == 4) {
    return gatherPacked<FqParameters>(address);
  } else {
    const uint64_t* second[LANES];
    for (size_t l = 0; l < LANES; l++) second[l] = address[l] + 4;
    return {gatherPacked<FqParameters>(address), gatherPacked<FqParameters>(second)};
  }
}

PHALANX_INLINE void scatterPacked(uint64_t* const* address, size_t offset, const Lanes<FqParameters>& a) {
  alignas(64) uint64_t words[4 * LANES];
  storePacked(words, a);
  for (size_t l = 0; l < LANES; l++) __builtin_memcpy(address[l] + offset, words + 4 * l, 32);
}

/** Writes the coordinate (normal, below 5) in lane l to address[l] + offset words. */
PHALANX_INLINE void scatterCoordinate(uint64_t* const* address, size_t offset, const Lanes<FqParameters>& a) {
  scatterPacked(address, offset, a);
}
PHALANX_INLINE void scatterCoordinate(uint64_t* const* address, size_t offset, const LanesFq2& a) {
  scatterPacked(address, offset, a.c0);
  scatterPacked(address, offset + 4, a.c1);
}

/** From a packed coordinate back to an element. */
inline Fq unpackCoordinate(const uint64_t* words, const Fq*) {
  const uint64_t* address[LANES];
  for (auto& a : address) a = words;
  return elementAt(gatherPacked<FqParameters>(address), 0);
}
inline Fq2 unpackCoordinate(const uint64_t* words, const Fq2*) {
  return {unpackCoordinate(words, static_cast<const Fq*>(nullptr)),
          unpackCoordinate(words + 4, static_cast<const Fq*>(nullptr))};
}

template <class F>
AffinePoint<F> unpackPoint(const uint64_t* words) {
  return {unpackCoordinate(words, static_cast<const F*>(nullptr)),
          unpackCoordinate(words + COORDINATE_WORDS<F>, static_cast<const F*>(nullptr))};
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
