// SPDX-License-Identifier: GPL-3.0-or-later
#include "miller_loop.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {
namespace {

/** The line through t and q with this slope, and t replaced by their sum. */
PreparedLine<Fq2> step(AffineG2& t, const AffineG2& q, const Fq2& slope) {
  const PreparedLine<Fq2> line{slope, slope * q.x - q.y};
  const Fq2 x = sqr(slope) - t.x - q.x;
  t = {x, slope * (q.x - x) - q.y};
  return line;
}

PreparedLine<Fq2> tangent(AffineG2& t) {
  const AffineG2 point = t;
  return step(t, point, triple(sqr(t.x)) * inv(dbl(t.y)));
}

PreparedLine<Fq2> chord(AffineG2& t, const AffineG2& q) { return step(t, q, (t.y - q.y) * inv(t.x - q.x)); }

}  // namespace

PreparedG2 prepareG2(const AffineG2& point) {
  PreparedG2 lines;
  auto line = lines.begin();
  AffineG2 t = point;
  for (size_t i = loopDigits.length - 1; i-- > 0;) {
    *line++ = tangent(t);
    if (loopDigits.digit[i] != 0) *line++ = chord(t, loopDigits.digit[i] > 0 ? point : neg(point));
  }
  *line++ = chord(t, twistedFrobenius(point));
  *line++ = chord(t, neg(twistedFrobenius(twistedFrobenius(point))));
  return lines;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
