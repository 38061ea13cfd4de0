// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lane_fq2.hpp"
#include "miller_loop.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Up to eight things, a lane each; where there are fewer, the last lanes repeat the first thing. */
template <class T, class Part> LaneFq packPart(std::span<const T> things, const Part& part) {
  std::array<Fq, LaneFq::width> elements;
  for (size_t i = 0; i < elements.size(); ++i) elements[i] = part(things[i < things.size() ? i : 0]);
  return fromElements(elements);
}

inline AffinePoint<LaneFq2> pack(std::span<const AffineG2> points) {
  const auto part = [&](Fq2 AffineG2::*coordinate, Fq Fq2::*half) {
    return packPart(points, [=](const AffineG2& point) { return point.*coordinate.*half; });
  };
  return {{part(&AffineG2::x, &Fq2::c0), part(&AffineG2::x, &Fq2::c1)},
          {part(&AffineG2::y, &Fq2::c0), part(&AffineG2::y, &Fq2::c1)}};
}

inline JacobianPoint<LaneFq> pack(std::span<const AffineG1> points) {
  return {packPart(points, [](const AffineG1& p) { return p.x; }), packPart(points, [](const AffineG1& p) { return p.y; }),
          LaneFq::one()};
}

inline LinePoint<LaneFq> pack(std::span<const LinePoint<Fq>> points) {
  return {packPart(points, [](const LinePoint<Fq>& p) { return p.minusXOverY; }),
          packPart(points, [](const LinePoint<Fq>& p) { return p.inverseY; })};
}

inline std::array<JacobianG1, LaneFq::width> unpack(const JacobianPoint<LaneFq>& lanes) {
  const auto x = toElements(lanes.x), y = toElements(lanes.y), z = toElements(lanes.z);
  std::array<JacobianG1, LaneFq::width> points;
  for (size_t i = 0; i < points.size(); ++i) points[i] = {x[i], y[i], z[i]};
  return points;
}

inline std::array<Fq12, LaneFq::width> unpack(const Tower<LaneFq2>& lanes) {
  std::array<Fq12, LaneFq::width> values;
  const auto part = [&](const LaneFq2& from, auto to) {
    const auto c0 = toElements(from.c0), c1 = toElements(from.c1);
    for (size_t i = 0; i < values.size(); ++i) to(values[i]) = {c0[i], c1[i]};
  };
  part(lanes.c0.c0, [](Fq12& f) -> Fq2 & { return f.c0.c0; });
  part(lanes.c0.c1, [](Fq12& f) -> Fq2 & { return f.c0.c1; });
  part(lanes.c0.c2, [](Fq12& f) -> Fq2 & { return f.c0.c2; });
  part(lanes.c1.c0, [](Fq12& f) -> Fq2 & { return f.c1.c0; });
  part(lanes.c1.c1, [](Fq12& f) -> Fq2 & { return f.c1.c1; });
  part(lanes.c1.c2, [](Fq12& f) -> Fq2 & { return f.c1.c2; });
  return values;
}

/** The same value in every lane. */
inline Tower<LaneFq2> spreadTower(const Fq12& value) {
  const auto all = [](const Fq2& a) { return Spread<LaneFq2>::spread(Spread<LaneFq2>::constant(a)); };
  return {{all(value.c0.c0), all(value.c0.c1), all(value.c0.c2)}, {all(value.c1.c0), all(value.c1.c1), all(value.c1.c2)}};
}

/** Lanes that hold one. */
inline LaneMask isOne(const Tower<LaneFq2>& a) {
  return isZero(a.c0.c0 - LaneFq2::one()) & isZero(a.c0.c1) & isZero(a.c0.c2) & isZero(a.c1.c0) & isZero(a.c1.c1) &
         isZero(a.c1.c2);
}

inline PreparedLines<LaneConstant> spreadLines(const PreparedG2& lines) {
  PreparedLines<LaneConstant> spread;
  for (size_t i = 0; i < lines.size(); ++i)
    spread[i] = {Spread<LaneFq2>::constant(lines[i].slope), Spread<LaneFq2>::constant(lines[i].offset)};
  return spread;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
