// SPDX-License-Identifier: GPL-3.0-or-later
// Eight field elements at once with AVX-512 IFMA: five 52-bit limbs each, Montgomery with R = 2^260.
//
// Bounds. A value is known only modulo p and may exceed it; "below k" means below k*p. Two shapes:
//   normal: every limb within 52 bits. Operands of products, of packed stores and of comparisons must be normal.
//   raw:    limbs are plain sums and differences (signed); only carry() and reduce() and further raw sums take it.
// R/p > 84.6, so a product of operands below a and b is below 1 + a*b/84.6: below 2 whenever a*b <= 84, and below 1.05
// when both are below 2. reduce() takes anything below 8 to below 1.06.
#pragma once

// GCC 12 warns of its own header's idiom for an undefined register (PR 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop

#include <cstddef>
#include <cstdint>

#include "element.hpp"
#include "limbs52.hpp"

#define PHALANX_INLINE inline __attribute__((always_inline))

namespace phalanx {
inline namespace PHALANX_PATH {

/** One bit a lane. */
using LaneMask = uint8_t;

template <class P>
struct Lanes {
  using Parameters = P;
  using Constants = Limbs52<P>;
  static constexpr size_t width = 8;
  static constexpr LaneMask allLanes = 0xff;

  /** One element in the lanes' form, for tables whose entries all lanes share (40 bytes instead of 320). */
  struct Constant {
    Limbs limb;
  };

  __m512i limb[5];

  static PHALANX_INLINE Lanes broadcast(const Limbs& c) {
    Lanes r;
    for (int i = 0; i < 5; i++) r.limb[i] = _mm512_set1_epi64(static_cast<long long>(c[i]));
    return r;
  }
  static PHALANX_INLINE Lanes broadcast(const Constant& c) { return broadcast(c.limb); }
  static PHALANX_INLINE Lanes zero() { return broadcast(Limbs{}); }
  static PHALANX_INLINE Lanes one() { return broadcast(Constants::one); }
  /** k*p in every lane, k = 0..7: a zero that keeps differences positive. */
  template <int K>
  static PHALANX_INLINE Lanes multipleOfModulus() {
    Lanes r;
    for (int i = 0; i < 5; i++)
      r.limb[i] = _mm512_set1_epi64(static_cast<long long>(Constants::multiples.limb[i][K]));
    return r;
  }
};

/**
 * to = from. By assignment GCC moves values of this size in halves of a register (unless told otherwise by
 * -mmove-max=512), and a register that is then read back from two halves waits for both to reach the cache: in inner
 * loops that costs a tenth.
 */
template <class P>
PHALANX_INLINE void copy(Lanes<P>& to, const Lanes<P>& from) {
  for (int i = 0; i < 5; i++) to.limb[i] = from.limb[i];
}

// Sums. Limb by limb, no carries: results are raw.

template <class P>
PHALANX_INLINE Lanes<P> addRaw(const Lanes<P>& a, const Lanes<P>& b) {
  Lanes<P> r;
  for (int i = 0; i < 5; i++) r.limb[i] = _mm512_add_epi64(a.limb[i], b.limb[i]);
  return r;
}

/** a - b + K*p, for b below K (K = 0..7): below (bound of a) + K. */
template <int K, class P>
PHALANX_INLINE Lanes<P> subRaw(const Lanes<P>& a, const Lanes<P>& b) {
  Lanes<P> r;
  const Lanes<P> kp = Lanes<P>::template multipleOfModulus<K>();
  for (int i = 0; i < 5; i++) r.limb[i] = _mm512_add_epi64(_mm512_sub_epi64(a.limb[i], b.limb[i]), kp.limb[i]);
  return r;
}

/** In the lanes of `mask` K*p - a (a below K), elsewhere a. Raw. */
template <int K, class P>
PHALANX_INLINE Lanes<P> negateRaw(LaneMask mask, const Lanes<P>& a) {
  Lanes<P> r;
  const Lanes<P> kp = Lanes<P>::template multipleOfModulus<K>();
  for (int i = 0; i < 5; i++) r.limb[i] = _mm512_mask_sub_epi64(a.limb[i], mask, kp.limb[i], a.limb[i]);
  return r;
}

/** Raw to normal, the value (which must be positive) unchanged. */
template <class P>
PHALANX_INLINE Lanes<P> carry(const Lanes<P>& a) {
  const __m512i mask = _mm512_set1_epi64(static_cast<long long>(LIMB_MASK));
  Lanes<P> r;
  __m512i c = a.limb[0];
  for (int i = 0; i < 4; i++) {
    r.limb[i] = _mm512_and_si512(c, mask);
    c = _mm512_add_epi64(a.limb[i + 1], _mm512_srai_epi64(c, 52));
  }
  r.limb[4] = c;
  return r;
}

/** Raw, below 8, to normal, below 1.06: the quotient is estimated from the top limb, k*p comes from a table. */
template <class P>
PHALANX_INLINE Lanes<P> reduce(const Lanes<P>& a) {
  using C = typename Lanes<P>::Constants;
  const __m512i factor = _mm512_set1_epi64(static_cast<long long>(C::quotientFactor));
  const __m512i quotient = _mm512_madd52hi_epu64(_mm512_setzero_si512(), a.limb[4], factor);
  Lanes<P> r;
  for (int i = 0; i < 5; i++)
    r.limb[i] =
        _mm512_sub_epi64(a.limb[i], _mm512_permutexvar_epi64(quotient, _mm512_load_si512(C::multiples.limb[i])));
  return carry(r);
}

template <class P>
PHALANX_INLINE Lanes<P> add(const Lanes<P>& a, const Lanes<P>& b) {
  return carry(addRaw(a, b));
}

/** Normal a - b + K*p, for b below K. */
template <int K, class P>
PHALANX_INLINE Lanes<P> sub(const Lanes<P>& a, const Lanes<P>& b) {
  return carry(subRaw<K>(a, b));
}

/** Lane by lane: mask ? set : clear. */
template <class P>
PHALANX_INLINE Lanes<P> select(LaneMask mask, const Lanes<P>& set, const Lanes<P>& clear) {
  Lanes<P> r;
  for (int i = 0; i < 5; i++) r.limb[i] = _mm512_mask_blend_epi64(mask, clear.limb[i], set.limb[i]);
  return r;
}

/** Lanes of a normal value below 8 that are zero modulo p. Exact. */
template <class P>
PHALANX_INLINE LaneMask isZero(const Lanes<P>& a) {
  LaneMask zero = 0;
  for (int k = 0; k < 8; k++) {
    LaneMask equal = 0xff;
    for (int i = 0; i < 5; i++)
      equal &= _mm512_cmpeq_epi64_mask(
          a.limb[i], _mm512_set1_epi64(static_cast<long long>(Lanes<P>::Constants::multiples.limb[i][k])));
    zero |= equal;
  }
  return zero;
}

/** Lanes whose limbs are all zero: the packed zero, which marks infinity, as against a multiple of p. */
template <class P>
PHALANX_INLINE LaneMask isPackedZero(const Lanes<P>& a) {
  const __m512i any =
      _mm512_or_si512(_mm512_or_si512(_mm512_or_si512(a.limb[0], a.limb[1]), _mm512_or_si512(a.limb[2], a.limb[3])),
                      a.limb[4]);
  return _mm512_testn_epi64_mask(any, any);
}

/** The value in [0, p), normal; from a raw value below 8. */
template <class P>
PHALANX_INLINE Lanes<P> reduceFully(const Lanes<P>& a) {
  const Lanes<P> r = reduce(a);
  Lanes<P> less;
  for (int i = 0; i < 5; i++)
    less.limb[i] =
        _mm512_sub_epi64(r.limb[i], _mm512_set1_epi64(static_cast<long long>(Lanes<P>::Constants::modulus[i])));
  less = carry(less);
  return select(_mm512_movepi64_mask(less.limb[4]), r, less);
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
