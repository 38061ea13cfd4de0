// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../msm/point_lanes.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

// LANES coordinates from elements to lanes and back.

PHALANX_INLINE Lanes<FqParameters> toLanes(const Fq* from) { return fromElements(from); }
PHALANX_INLINE void fromLanes(Fq* to, const Lanes<FqParameters>& from) { toElements(to, from); }

inline LanesFq2 toLanes(const Fq2* from) {
  Fq c0[LANES], c1[LANES];
  for (size_t l = 0; l < LANES; l++) {
    c0[l] = from[l].c0;
    c1[l] = from[l].c1;
  }
  return {fromElements(c0), fromElements(c1)};
}

inline void fromLanes(Fq2* to, const LanesFq2& from) {
  Fq c0[LANES], c1[LANES];
  toElements(c0, from.c0);
  toElements(c1, from.c1);
  for (size_t l = 0; l < LANES; l++) to[l] = {c0[l], c1[l]};
}

/** LANES points, none infinite. */
template <class F>
void toLanes(CoordinateLanes<F>& x, CoordinateLanes<F>& y, const AffinePoint<F>* from) {
  F xs[LANES], ys[LANES];
  for (size_t l = 0; l < LANES; l++) {
    xs[l] = from[l].x;
    ys[l] = from[l].y;
  }
  x = toLanes(xs);
  y = toLanes(ys);
}

template <class F>
void fromLanes(AffinePoint<F>* to, const CoordinateLanes<F>& x, const CoordinateLanes<F>& y) {
  F xs[LANES], ys[LANES];
  fromLanes(xs, x);
  fromLanes(ys, y);
  for (size_t l = 0; l < LANES; l++) to[l] = {xs[l], ys[l]};
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
