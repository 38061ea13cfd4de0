// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lanes_fq2.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** 1/a in every lane, zeros staying zero; a is normal, below 8. One scalar inversion for all lanes. Result below 2. */
template <class P>
[[gnu::noinline]] Lanes<P> inverse(const Lanes<P>& a) {
  constexpr size_t width = Lanes<P>::width;
  alignas(64) Element<P> element[width], before[width];
  toElements(element, a);
  Element<P> product = Element<P>::one();
  for (size_t l = 0; l < width; l++) {
    before[l] = product;
    if (!element[l].isZero()) product = mul(product, element[l]);
  }
  Element<P> left = inv(product);
  for (size_t l = width; l-- > 0;) {
    if (element[l].isZero()) continue;
    const Element<P> e = element[l];
    element[l] = mul(left, before[l]);
    left = mul(left, e);
  }
  return fromElements(element);
}

/** By the norm to Fq: (c0 - c1*u) / (c0^2 + c1^2). Coordinates below 2.2. */
inline LanesFq2 inverse(const LanesFq2& a) {
  using Part = LanesFq2::Part;
  const Part norm = inverse(add(sqr(a.c0), sqr(a.c1)));
  return {mul(a.c0, norm), mul(sub<3>(Part::zero(), a.c1), norm)};
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
