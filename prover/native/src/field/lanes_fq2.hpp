// SPDX-License-Identifier: GPL-3.0-or-later
// Elements c0 + c1*u (u^2 = -1) of Fq2, Lanes<FqParameters>::width at once, to the same interface as Lanes.
//
// Bounds are those of the two coordinates. A product of operands below a and b has c0 below 2 + a*b/84.6 and c1 below
// 1 + 2*a*b/84.6, for a*b <= 42; a square of an operand below 2.2 is below 1.4.
#pragma once

#include "fq2.hpp"
#include "lanes.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

struct LanesFq2 {
  using Part = Lanes<FqParameters>;
  static constexpr size_t width = Part::width;
  static constexpr LaneMask allLanes = Part::allLanes;

  Part c0, c1;

  static PHALANX_INLINE LanesFq2 zero() { return {Part::zero(), Part::zero()}; }
  static PHALANX_INLINE LanesFq2 one() { return {Part::one(), Part::zero()}; }
  template <int K>
  static PHALANX_INLINE LanesFq2 multipleOfModulus() {
    return {Part::multipleOfModulus<K>(), Part::multipleOfModulus<K>()};
  }
};

PHALANX_INLINE void copy(LanesFq2& to, const LanesFq2& from) {
  copy(to.c0, from.c0);
  copy(to.c1, from.c1);
}
PHALANX_INLINE LanesFq2 addRaw(const LanesFq2& a, const LanesFq2& b) {
  return {addRaw(a.c0, b.c0), addRaw(a.c1, b.c1)};
}
template <int K>
PHALANX_INLINE LanesFq2 subRaw(const LanesFq2& a, const LanesFq2& b) {
  return {subRaw<K>(a.c0, b.c0), subRaw<K>(a.c1, b.c1)};
}
template <int K>
PHALANX_INLINE LanesFq2 negateRaw(LaneMask mask, const LanesFq2& a) {
  return {negateRaw<K>(mask, a.c0), negateRaw<K>(mask, a.c1)};
}
PHALANX_INLINE LanesFq2 carry(const LanesFq2& a) { return {carry(a.c0), carry(a.c1)}; }
PHALANX_INLINE LanesFq2 reduce(const LanesFq2& a) { return {reduce(a.c0), reduce(a.c1)}; }
PHALANX_INLINE LanesFq2 reduceFully(const LanesFq2& a) { return {reduceFully(a.c0), reduceFully(a.c1)}; }
PHALANX_INLINE LanesFq2 add(const LanesFq2& a, const LanesFq2& b) { return carry(addRaw(a, b)); }
template <int K>
PHALANX_INLINE LanesFq2 sub(const LanesFq2& a, const LanesFq2& b) {
  return carry(subRaw<K>(a, b));
}
PHALANX_INLINE LanesFq2 select(LaneMask mask, const LanesFq2& set, const LanesFq2& clear) {
  return {select(mask, set.c0, clear.c0), select(mask, set.c1, clear.c1)};
}
PHALANX_INLINE LaneMask isZero(const LanesFq2& a) { return isZero(a.c0) & isZero(a.c1); }

#if defined(PHALANX_IFMA)

namespace limbs {

/**
 * N products, by Karatsuba on unreduced column sums: three multiplications and two reductions each. The reductions of
 * two products, interleaved, reach the throughput bound. Not inlined: the loops that use it would outgrow the
 * instruction cache.
 */
template <int N, bool Raw>
[[gnu::noinline]] inline void multiplyFq2(LanesFq2* r, const LanesFq2* a, const LanesFq2* b) {
  __m512i t[2 * N][10];
  Lanes<FqParameters>* to[2 * N];
#pragma GCC unroll 2
  for (int n = 0; n < N; n++) {
    const LanesFq2 &x = a[n], &y = b[n];
    const Lanes<FqParameters> sumX = add(x.c0, x.c1), sumY = add(y.c0, y.c1);
    __m512i high[10];
    __m512i *const real = t[2 * n], *const cross = t[2 * n + 1];
    multiplyWide(real, x.c0.limb, y.c0.limb);
    multiplyWide(high, x.c1.limb, y.c1.limb);
    multiplyWide(cross, sumX.limb, sumY.limb);
    for (int i = 0; i < 10; i++) {
      cross[i] = _mm512_sub_epi64(_mm512_sub_epi64(cross[i], real[i]), high[i]);
      real[i] = _mm512_sub_epi64(real[i], high[i]);
    }
    // p*R keeps the difference positive: a*b*p^2 <= 84*p^2 < p*R.
    for (int i = 0; i < 5; i++) real[5 + i] = _mm512_add_epi64(real[5 + i], splat(Limbs52<FqParameters>::modulus[i]));
    to[2 * n] = &r[n].c0;
    to[2 * n + 1] = &r[n].c1;
  }
  reduceWide<2 * N, Raw>(to, t, NoWork{});
}

/** r = a^2 = (c0 + c1)(c0 - c1) + 2*c0*c1*u. */
template <bool Raw>
[[gnu::noinline]] inline void squareFq2(LanesFq2& r, const LanesFq2& a) {
  LanesFq2::Part x[2] = {add(a.c0, a.c1), add(a.c0, a.c0)};
  const LanesFq2::Part y[2] = {sub<3>(a.c0, a.c1), a.c1};
  mulN<2, Raw>(x, x, y);
  copy(r.c0, x[0]);
  copy(r.c1, x[1]);
}

}  // namespace limbs

/** r[n] = a[n]*b[n]; r may be a or b. */
template <int N, bool Raw = false, class Between = NoWork>
PHALANX_INLINE void mulN(LanesFq2* r, const LanesFq2* a, const LanesFq2* b, const Between& between = {}) {
  for (int i = 0; i < 4; i++) between(i);
  constexpr int TOGETHER = N % 2 == 0 ? 2 : 1;
  for (int n = 0; n < N; n += TOGETHER) limbs::multiplyFq2<TOGETHER, Raw>(r + n, a + n, b + n);
}

/** r[n] = a[n]^2, for operands below 2.2; r may be a. */
template <int N, bool Raw = false, class Between = NoWork>
PHALANX_INLINE void sqrN(LanesFq2* r, const LanesFq2* a, const Between& between = {}) {
  for (int i = 0; i < 4; i++) between(i);
  for (int n = 0; n < N; n++) limbs::squareFq2<Raw>(r[n], a[n]);
}

#else

template <int N, bool Raw = false, class Between = NoWork>
PHALANX_INLINE void mulN(LanesFq2* r, const LanesFq2* a, const LanesFq2* b, const Between& between = {}) {
  for (int i = 0; i < 4; i++) between(i);
  for (int n = 0; n < N; n++) {
    const Fq2 product = mul(Fq2{a[n].c0.element, a[n].c1.element}, Fq2{b[n].c0.element, b[n].c1.element});
    r[n] = {{product.c0}, {product.c1}};
  }
}

template <int N, bool Raw = false, class Between = NoWork>
PHALANX_INLINE void sqrN(LanesFq2* r, const LanesFq2* a, const Between& between = {}) {
  for (int i = 0; i < 4; i++) between(i);
  for (int n = 0; n < N; n++) {
    const Fq2 square = sqr(Fq2{a[n].c0.element, a[n].c1.element});
    r[n] = {{square.c0}, {square.c1}};
  }
}

#endif

PHALANX_INLINE LanesFq2 mul(const LanesFq2& a, const LanesFq2& b) {
  LanesFq2 r;
  mulN<1>(&r, &a, &b);
  return r;
}
PHALANX_INLINE LanesFq2 sqr(const LanesFq2& a) {
  LanesFq2 r;
  sqrN<1>(&r, &a);
  return r;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
