// SPDX-License-Identifier: GPL-3.0-or-later
// Number-theoretic transforms of a short array of lane vectors, in place: every lane is a transform of its own, roots
// (the twiddle factors) are broadcast.
//
// `transformDif` decimates in frequency and takes natural order to bit-reversed order, `transformDit` decimates in time
// and takes it back; with reciprocal roots one undoes the other but for a factor. Both recurse, so that what fits the
// first-level cache is finished there, by butterflies of radix 4: two levels in each pass over memory. Values are below
// 1.1 (in the words of lanes_ifma.hpp) between passes. Products are taken two at a time: four would keep the multiplier
// busier, but then the sums between them no longer run beside products.
#pragma once

#include "root_table.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {
namespace butterflies {

/** One level, radix 2, decimation in frequency: butterflies between the halves of `size` >= 8 vectors. */
inline void radix2Dif(FrLanes* a, size_t size, const RootTable& roots) {
  const size_t half = size / 2;
  const FrLanes::Constant* const root = roots.of(size);
  for (size_t i = 0; i < half; i += 4) {
    FrLanes difference[4], w[4];
    for (size_t h = 0; h < 4; h++) {
      const FrLanes x = a[i + h], y = a[i + h + half];
      a[i + h] = reduce(addRaw(x, y));
      difference[h] = sub<2>(x, y);
      w[h] = FrLanes::broadcast(root[i + h]);
    }
    mulN<4>(difference, difference, w);
    for (size_t h = 0; h < 4; h++) a[i + h + half] = difference[h];
  }
}

/** One level, radix 2, decimation in time. */
inline void radix2Dit(FrLanes* a, size_t size, const RootTable& roots) {
  const size_t half = size / 2;
  const FrLanes::Constant* const root = roots.of(size);
  for (size_t i = 0; i < half; i += 4) {
    FrLanes odd[4], w[4];
    for (size_t h = 0; h < 4; h++) {
      odd[h] = a[i + h + half];
      w[h] = FrLanes::broadcast(root[i + h]);
    }
    mulN<4>(odd, odd, w);
    for (size_t h = 0; h < 4; h++) {
      const FrLanes even = a[i + h];
      a[i + h] = reduce(addRaw(even, odd[h]));
      a[i + h + half] = reduce(subRaw<2>(even, odd[h]));
    }
  }
}

/** Two levels, radix 4, decimation in frequency: butterflies between the quarters of `size` >= 16 vectors. */
inline void radix4Dif(FrLanes* a, size_t size, const RootTable& roots) {
  const size_t m = size / 4;
  const FrLanes::Constant *const outer = roots.of(size), *const inner = roots.of(size / 2);
  for (size_t i = 0; i < m; i++) {
    const FrLanes x0 = a[i], x1 = a[i + m], x2 = a[i + 2 * m], x3 = a[i + 3 * m];
    const FrLanes even = addRaw(x0, x2), odd = addRaw(x1, x3);
    FrLanes difference[2] = {sub<2>(x0, x2), sub<2>(x1, x3)};
    const FrLanes w[2] = {FrLanes::broadcast(outer[i]), FrLanes::broadcast(outer[i + m])};
    mulN<2, true>(difference, difference, w);
    a[i] = reduce(addRaw(even, odd));
    a[i + 2 * m] = reduce(addRaw(difference[0], difference[1]));
    FrLanes second[2] = {carry(subRaw<3>(even, odd)), sub<2>(difference[0], difference[1])};
    const FrLanes both = FrLanes::broadcast(inner[i]), v[2] = {both, both};
    mulN<2>(second, second, v);
    a[i + m] = second[0];
    a[i + 3 * m] = second[1];
  }
}

/** Two levels, radix 4, decimation in time. */
inline void radix4Dit(FrLanes* a, size_t size, const RootTable& roots) {
  const size_t m = size / 4;
  const FrLanes::Constant *const outer = roots.of(size), *const inner = roots.of(size / 2);
  for (size_t i = 0; i < m; i++) {
    FrLanes odd[2] = {a[i + m], a[i + 3 * m]};
    const FrLanes both = FrLanes::broadcast(inner[i]), v[2] = {both, both};
    mulN<2, true>(odd, odd, v);
    const FrLanes x = a[i], y = a[i + 2 * m];
    FrLanes second[2] = {add(y, odd[1]), sub<2>(y, odd[1])};
    const FrLanes sum = addRaw(x, odd[0]), difference = subRaw<2>(x, odd[0]);
    const FrLanes w[2] = {FrLanes::broadcast(outer[i]), FrLanes::broadcast(outer[i + m])};
    mulN<2, true>(second, second, w);
    a[i] = reduce(addRaw(sum, second[0]));
    a[i + m] = reduce(addRaw(difference, second[1]));
    a[i + 2 * m] = reduce(subRaw<2>(sum, second[0]));
    a[i + 3 * m] = reduce(subRaw<2>(difference, second[1]));
  }
}

/** The last two levels of decimation in frequency, of N blocks of four: all roots are 1 but one. */
template <int N>
inline void lastRadix4Dif(FrLanes* a, const RootTable& roots) {
  FrLanes turned[N], quarter[N];
  for (int n = 0; n < N; n++) {
    turned[n] = sub<2>(a[4 * n + 1], a[4 * n + 3]);
    quarter[n] = FrLanes::broadcast(roots.of(4)[1]);
  }
  mulN<N, true>(turned, turned, quarter);
  for (int n = 0; n < N; n++, a += 4) {
    const FrLanes even = addRaw(a[0], a[2]), odd = addRaw(a[1], a[3]), difference = subRaw<2>(a[0], a[2]);
    a[0] = reduce(addRaw(even, odd));
    a[1] = reduce(subRaw<3>(even, odd));
    a[2] = reduce(addRaw(difference, turned[n]));
    a[3] = reduce(subRaw<2>(difference, turned[n]));
  }
}

/** The first two levels of decimation in time. */
template <int N>
inline void firstRadix4Dit(FrLanes* a, const RootTable& roots) {
  FrLanes turned[N], quarter[N];
  for (int n = 0; n < N; n++) {
    turned[n] = sub<2>(a[4 * n + 2], a[4 * n + 3]);
    quarter[n] = FrLanes::broadcast(roots.of(4)[1]);
  }
  mulN<N, true>(turned, turned, quarter);
  for (int n = 0; n < N; n++, a += 4) {
    const FrLanes first = addRaw(a[0], a[1]), second = addRaw(a[2], a[3]), difference = subRaw<2>(a[0], a[1]);
    a[0] = reduce(addRaw(first, second));
    a[2] = reduce(subRaw<3>(first, second));
    a[1] = reduce(addRaw(difference, turned[n]));
    a[3] = reduce(subRaw<2>(difference, turned[n]));
  }
}

/** @param size an even power of two, at least 16 */
inline void recurseDif(FrLanes* a, size_t size, const RootTable& roots) {
  radix4Dif(a, size, roots);
  if (size == 16) return lastRadix4Dif<4>(a, roots);
  for (size_t k = 0; k < 4; k++) recurseDif(a + k * (size / 4), size / 4, roots);
}

inline void recurseDit(FrLanes* a, size_t size, const RootTable& roots) {
  if (size == 16) {
    firstRadix4Dit<4>(a, roots);
  } else {
    for (size_t k = 0; k < 4; k++) recurseDit(a + k * (size / 4), size / 4, roots);
  }
  radix4Dit(a, size, roots);
}

}  // namespace butterflies

/**
 * a[k] = sum of a[j]*w^(jk), natural order to bit-reversed order.
 * @param log at least 3; w is the root of order 2^log in `roots`
 */
inline void transformDif(FrLanes* a, unsigned log, const RootTable& roots) {
  using namespace butterflies;
  const size_t size = size_t{1} << log;
  if (log % 2 == 0) return recurseDif(a, size, roots);
  radix2Dif(a, size, roots);
  if (log == 3) return lastRadix4Dif<2>(a, roots);
  for (size_t k = 0; k < 2; k++) recurseDif(a + k * (size / 2), size / 2, roots);
}

/** The same sum, bit-reversed order to natural order. */
inline void transformDit(FrLanes* a, unsigned log, const RootTable& roots) {
  using namespace butterflies;
  const size_t size = size_t{1} << log;
  if (log % 2 == 0) return recurseDit(a, size, roots);
  if (log == 3) {
    firstRadix4Dit<2>(a, roots);
  } else {
    for (size_t k = 0; k < 2; k++) recurseDit(a + k * (size / 2), size / 2, roots);
  }
  radix2Dit(a, size, roots);
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
