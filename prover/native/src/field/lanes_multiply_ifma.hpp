// SPDX-License-Identifier: GPL-3.0-or-later
// Products of eight-lane values. `vpmadd52` takes four cycles and two start in each, so several independent products
// are interleaved in the source: four reach the throughput bound.
#pragma once

#include "lanes_ifma.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {
namespace limbs {

PHALANX_INLINE __m512i lo(__m512i sum, __m512i a, __m512i b) { return _mm512_madd52lo_epu64(sum, a, b); }
PHALANX_INLINE __m512i hi(__m512i sum, __m512i a, __m512i b) { return _mm512_madd52hi_epu64(sum, a, b); }
PHALANX_INLINE __m512i splat(uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); }

/**
 * The carry out of t + lo(m*p0), a sum whose low 52 bits are known to vanish: t >> 52, and one more unless those bits
 * of t vanished already. This saves the multiplication.
 */
template <bool Signed>
PHALANX_INLINE __m512i addVanishedCarry(__m512i sum, __m512i t) {
  const __m512i shifted = Signed ? _mm512_srai_epi64(t, 52) : _mm512_srli_epi64(t, 52);
  const __m512i with = _mm512_add_epi64(sum, shifted);
  return _mm512_mask_sub_epi64(with, _mm512_test_epi64_mask(t, splat(LIMB_MASK)), with, _mm512_set1_epi64(-1));
}

/** One step of Montgomery's reduction on a wide sum: clears t[0], adds the multiple of p to t[1..5]. */
template <class P, bool Signed>
PHALANX_INLINE void reductionStep(__m512i* t) {
  using C = Limbs52<P>;
  const __m512i p0 = splat(C::modulus[0]), p1 = splat(C::modulus[1]), p2 = splat(C::modulus[2]),
                p3 = splat(C::modulus[3]), p4 = splat(C::modulus[4]);
  const __m512i m = lo(_mm512_setzero_si512(), t[0], splat(C::negInverse));
  t[1] = lo(hi(addVanishedCarry<Signed>(t[1], t[0]), m, p0), m, p1);
  t[2] = lo(hi(t[2], m, p1), m, p2);
  t[3] = lo(hi(t[3], m, p2), m, p3);
  t[4] = lo(hi(t[4], m, p3), m, p4);
  t[5] = hi(t[5], m, p4);
}

/** Normalise the five sums t[0..4] into r. */
template <class P, bool Signed>
PHALANX_INLINE void carryOut(Lanes<P>& r, const __m512i* t) {
  __m512i x = t[0];
  for (int i = 0; i < 4; i++) {
    r.limb[i] = _mm512_and_si512(x, splat(LIMB_MASK));
    x = _mm512_add_epi64(t[i + 1], Signed ? _mm512_srai_epi64(x, 52) : _mm512_srli_epi64(x, 52));
  }
  r.limb[4] = x;
}

/** The ten column sums of a^2. */
PHALANX_INLINE void squareWide(__m512i* t, const __m512i* a) {
  const __m512i z = _mm512_setzero_si512(), a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4];
  t[1] = lo(z, a0, a1);
  t[2] = hi(lo(z, a0, a2), a0, a1);
  t[3] = lo(hi(lo(z, a0, a3), a0, a2), a1, a2);
  t[4] = hi(lo(hi(lo(z, a0, a4), a0, a3), a1, a3), a1, a2);
  t[5] = lo(hi(lo(hi(z, a0, a4), a1, a4), a1, a3), a2, a3);
  t[6] = hi(lo(hi(z, a1, a4), a2, a4), a2, a3);
  t[7] = lo(hi(z, a2, a4), a3, a4);
  t[8] = hi(z, a3, a4);
  for (int i = 1; i < 9; i++) t[i] = _mm512_add_epi64(t[i], t[i]);
  t[0] = lo(z, a0, a0);
  t[1] = hi(t[1], a0, a0);
  t[2] = lo(t[2], a1, a1);
  t[3] = hi(t[3], a1, a1);
  t[4] = lo(t[4], a2, a2);
  t[5] = hi(t[5], a2, a2);
  t[6] = lo(t[6], a3, a3);
  t[7] = hi(t[7], a3, a3);
  t[8] = lo(t[8], a4, a4);
  t[9] = hi(z, a4, a4);
}

/** The ten column sums of a*b. */
PHALANX_INLINE void multiplyWide(__m512i* t, const __m512i* a, const __m512i* b) {
  for (int i = 0; i < 10; i++) t[i] = _mm512_setzero_si512();
#pragma GCC unroll 5
  for (int i = 0; i < 5; i++) {
#pragma GCC unroll 5
    for (int j = 0; j < 5; j++) t[i + j] = lo(t[i + j], a[j], b[i]);
#pragma GCC unroll 5
    for (int j = 0; j < 5; j++) t[i + j + 1] = hi(t[i + j + 1], a[j], b[i]);
  }
}

/** r[n] = t[n]/R for ten signed column sums each whose value is in [0, 84*p^2]: below 2. Overwrites t. */
template <int N, bool Raw = false, class P, class Between>
PHALANX_INLINE void reduceWide(Lanes<P>* const* r, __m512i (*t)[10], const Between& between) {
#pragma GCC unroll 5
  for (int i = 0; i < 5; i++) {
#pragma GCC unroll 4
    for (int n = 0; n < N; n++) reductionStep<P, true>(t[n] + i);
    if (i < 4) between(i);
  }
#pragma GCC unroll 4
  for (int n = 0; n < N; n++) {
    if constexpr (Raw)
      for (int i = 0; i < 5; i++) r[n]->limb[i] = t[n][5 + i];
    else
      carryOut<P, true>(*r[n], t[n] + 5);
  }
}

}  // namespace limbs

/** Nothing to do between the steps of a product. */
struct NoWork {
  PHALANX_INLINE void operator()(int) const {}
};

/**
 * r[n] = a[n]*b[n]/R for n < N, N <= 4; r may be a or b. Normal operands; bounds multiply to at most 84: result below
 * 2. Schoolbook and reduction interleaved limb by limb, so that five accumulators a product suffice.
 *
 * `between` is called four times, with 0..3, at even distances: independent work put there (loads, sums) runs beside
 * the multiplications, which leave half of the vector units idle. It sees the operands, not the results. With Raw the
 * results are left raw, for a sum that is carried or reduced anyway.
 */
template <int N, bool Raw = false, class P, class Between = NoWork>
PHALANX_INLINE void mulN(Lanes<P>* r, const Lanes<P>* a, const Lanes<P>* b, const Between& between = {}) {
  using namespace limbs;
  using C = Limbs52<P>;
  static_assert(N >= 1 && N <= 4);
  const __m512i z = _mm512_setzero_si512(), inverse = splat(C::negInverse);
  const __m512i p0 = splat(C::modulus[0]), p1 = splat(C::modulus[1]), p2 = splat(C::modulus[2]),
                p3 = splat(C::modulus[3]), p4 = splat(C::modulus[4]);
  __m512i sums[N][5];
#pragma GCC unroll 5
  for (int i = 0; i < 5; i++) {
#pragma GCC unroll 4
    for (int n = 0; n < N; n++) {
      __m512i* const t = sums[n];
      const __m512i* const x = a[n].limb;
      const __m512i y = b[n].limb[i];
      const __m512i t0 = lo(i == 0 ? z : t[0], y, x[0]);
      const __m512i u1 = hi(lo(i == 0 ? z : t[1], y, x[1]), y, x[0]);
      const __m512i u2 = hi(lo(i == 0 ? z : t[2], y, x[2]), y, x[1]);
      const __m512i u3 = hi(lo(i == 0 ? z : t[3], y, x[3]), y, x[2]);
      const __m512i u4 = hi(lo(i == 0 ? z : t[4], y, x[4]), y, x[3]);
      const __m512i u5 = hi(z, y, x[4]);
      const __m512i m = lo(z, t0, inverse);
      t[0] = hi(lo(addVanishedCarry<false>(u1, t0), m, p1), m, p0);
      t[1] = hi(lo(u2, m, p2), m, p1);
      t[2] = hi(lo(u3, m, p3), m, p2);
      t[3] = hi(lo(u4, m, p4), m, p3);
      t[4] = hi(u5, m, p4);
    }
    if (i < 4) between(i);
  }
#pragma GCC unroll 4
  for (int n = 0; n < N; n++) {
    if constexpr (Raw)
      for (int i = 0; i < 5; i++) r[n].limb[i] = sums[n][i];
    else
      carryOut<P, false>(r[n], sums[n]);
  }
}

/** r[n] = a[n]^2/R for n < N, N <= 4; r may be a. Normal operands below 9: result below 2. The rest as for mulN. */
template <int N, bool Raw = false, class P, class Between = NoWork>
PHALANX_INLINE void sqrN(Lanes<P>* r, const Lanes<P>* a, const Between& between = {}) {
  using namespace limbs;
  static_assert(N >= 1 && N <= 4);
  __m512i sums[N][10];
#pragma GCC unroll 4
  for (int n = 0; n < N; n++) squareWide(sums[n], a[n].limb);
#pragma GCC unroll 5
  for (int i = 0; i < 5; i++) {
#pragma GCC unroll 4
    for (int n = 0; n < N; n++) reductionStep<P, false>(sums[n] + i);
    if (i < 4) between(i);
  }
#pragma GCC unroll 4
  for (int n = 0; n < N; n++) {
    if constexpr (Raw)
      for (int i = 0; i < 5; i++) r[n].limb[i] = sums[n][5 + i];
    else
      carryOut<P, false>(r[n], sums[n] + 5);
  }
}

template <class P>
PHALANX_INLINE Lanes<P> mul(const Lanes<P>& a, const Lanes<P>& b) {
  Lanes<P> r;
  mulN<1>(&r, &a, &b);
  return r;
}

template <class P>
PHALANX_INLINE Lanes<P> sqr(const Lanes<P>& a) {
  Lanes<P> r;
  sqrN<1>(&r, &a);
  return r;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
