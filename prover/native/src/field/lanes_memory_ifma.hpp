// SPDX-License-Identifier: GPL-3.0-or-later
// Eight-lane values to and from memory: packed (4 x 64 bits an element, transposed), and changes of form.
#pragma once

#include <array>

#include "lanes_multiply_ifma.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {
namespace limbs {

/** Transpose an 8 x 8 matrix of words held in eight registers. */
PHALANX_INLINE void transpose8(__m512i* r) {
  const __m512i a0 = _mm512_unpacklo_epi64(r[0], r[1]), b0 = _mm512_unpackhi_epi64(r[0], r[1]);
  const __m512i a1 = _mm512_unpacklo_epi64(r[2], r[3]), b1 = _mm512_unpackhi_epi64(r[2], r[3]);
  const __m512i a2 = _mm512_unpacklo_epi64(r[4], r[5]), b2 = _mm512_unpackhi_epi64(r[4], r[5]);
  const __m512i a3 = _mm512_unpacklo_epi64(r[6], r[7]), b3 = _mm512_unpackhi_epi64(r[6], r[7]);
  const __m512i c0 = _mm512_shuffle_i64x2(a0, a1, 0x88), c1 = _mm512_shuffle_i64x2(a2, a3, 0x88);
  const __m512i d0 = _mm512_shuffle_i64x2(a0, a1, 0xdd), d1 = _mm512_shuffle_i64x2(a2, a3, 0xdd);
  const __m512i e0 = _mm512_shuffle_i64x2(b0, b1, 0x88), e1 = _mm512_shuffle_i64x2(b2, b3, 0x88);
  const __m512i f0 = _mm512_shuffle_i64x2(b0, b1, 0xdd), f1 = _mm512_shuffle_i64x2(b2, b3, 0xdd);
  r[0] = _mm512_shuffle_i64x2(c0, c1, 0x88);
  r[4] = _mm512_shuffle_i64x2(c0, c1, 0xdd);
  r[2] = _mm512_shuffle_i64x2(d0, d1, 0x88);
  r[6] = _mm512_shuffle_i64x2(d0, d1, 0xdd);
  r[1] = _mm512_shuffle_i64x2(e0, e1, 0x88);
  r[5] = _mm512_shuffle_i64x2(e0, e1, 0xdd);
  r[3] = _mm512_shuffle_i64x2(f0, f1, 0x88);
  r[7] = _mm512_shuffle_i64x2(f0, f1, 0xdd);
}

/** Half a transpose: w[i], lane l = word i of the four words at p[l]. */
PHALANX_INLINE void gatherWords(__m512i* w, const uint64_t* const* p) {
  __m512i r[4];
  for (int i = 0; i < 4; i++)
    r[i] = _mm512_inserti64x4(
        _mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p[i]))),
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p[i + 4])), 1);
  const __m512i t0 = _mm512_unpacklo_epi64(r[0], r[1]), t1 = _mm512_unpackhi_epi64(r[0], r[1]);
  const __m512i t2 = _mm512_unpacklo_epi64(r[2], r[3]), t3 = _mm512_unpackhi_epi64(r[2], r[3]);
  const __m512i low = _mm512_set_epi64(13, 12, 5, 4, 9, 8, 1, 0), high = _mm512_set_epi64(15, 14, 7, 6, 11, 10, 3, 2);
  w[0] = _mm512_permutex2var_epi64(t0, low, t2);
  w[2] = _mm512_permutex2var_epi64(t0, high, t2);
  w[1] = _mm512_permutex2var_epi64(t1, low, t3);
  w[3] = _mm512_permutex2var_epi64(t1, high, t3);
}

/** Four words a lane to five limbs. */
template <class P>
PHALANX_INLINE Lanes<P> unpack(const __m512i* w) {
  const __m512i mask = splat(LIMB_MASK);
  Lanes<P> r;
  r.limb[0] = _mm512_and_si512(w[0], mask);
  r.limb[1] = _mm512_and_si512(_mm512_shrdi_epi64(w[0], w[1], 52), mask);
  r.limb[2] = _mm512_and_si512(_mm512_shrdi_epi64(w[1], w[2], 40), mask);
  r.limb[3] = _mm512_and_si512(_mm512_shrdi_epi64(w[2], w[3], 28), mask);
  r.limb[4] = _mm512_srli_epi64(w[3], 16);
  return r;
}

/** Five limbs to four words a lane; the value is normal and below 2^256. */
template <class P>
PHALANX_INLINE void pack(__m512i* w, const Lanes<P>& a) {
  w[0] = _mm512_or_si512(a.limb[0], _mm512_slli_epi64(a.limb[1], 52));
  w[1] = _mm512_or_si512(_mm512_srli_epi64(a.limb[1], 12), _mm512_slli_epi64(a.limb[2], 40));
  w[2] = _mm512_or_si512(_mm512_srli_epi64(a.limb[2], 24), _mm512_slli_epi64(a.limb[3], 28));
  w[3] = _mm512_or_si512(_mm512_srli_epi64(a.limb[3], 36), _mm512_slli_epi64(a.limb[4], 16));
}

}  // namespace limbs

// Packed: four words an element, whatever form the value has. Normal, below 5 (so within 256 bits). No alignment asked.

/** Element l = the four words at address[l]. */
template <class P>
PHALANX_INLINE Lanes<P> gatherPacked(const uint64_t* const* address) {
  __m512i w[4];
  limbs::gatherWords(w, address);
  return limbs::unpack<P>(w);
}

/** Eight elements one after another: 32 words. */
template <class P>
PHALANX_INLINE Lanes<P> loadPacked(const uint64_t* words) {
  __m512i w[4];
  for (int i = 0; i < 4; i++) w[i] = _mm512_loadu_si512(words + 8 * i);
  const __m512i even = _mm512_set_epi64(13, 12, 9, 8, 5, 4, 1, 0), odd = _mm512_set_epi64(15, 14, 11, 10, 7, 6, 3, 2);
  // Halves by halves: [words 0 1 of elements 0..3], [2 3 of 0..3], and the same of 4..7.
  const __m512i a = _mm512_permutex2var_epi64(w[0], even, w[1]), b = _mm512_permutex2var_epi64(w[0], odd, w[1]);
  const __m512i c = _mm512_permutex2var_epi64(w[2], even, w[3]), d = _mm512_permutex2var_epi64(w[2], odd, w[3]);
  const __m512i low = _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0), high = _mm512_set_epi64(15, 13, 11, 9, 7, 5, 3, 1);
  w[0] = _mm512_permutex2var_epi64(a, low, c);
  w[1] = _mm512_permutex2var_epi64(a, high, c);
  w[2] = _mm512_permutex2var_epi64(b, low, d);
  w[3] = _mm512_permutex2var_epi64(b, high, d);
  return limbs::unpack<P>(w);
}

template <class P>
PHALANX_INLINE void storePacked(uint64_t* words, const Lanes<P>& a) {
  __m512i w[4];
  limbs::pack(w, a);
  const __m512i low = _mm512_set_epi64(11, 3, 10, 2, 9, 1, 8, 0), high = _mm512_set_epi64(15, 7, 14, 6, 13, 5, 12, 4);
  const __m512i a0 = _mm512_permutex2var_epi64(w[0], low, w[1]), a1 = _mm512_permutex2var_epi64(w[0], high, w[1]);
  const __m512i b0 = _mm512_permutex2var_epi64(w[2], low, w[3]), b1 = _mm512_permutex2var_epi64(w[2], high, w[3]);
  const __m512i first = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0), second = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
  _mm512_storeu_si512(words, _mm512_permutex2var_epi64(a0, first, b0));
  _mm512_storeu_si512(words + 8, _mm512_permutex2var_epi64(a0, second, b0));
  _mm512_storeu_si512(words + 16, _mm512_permutex2var_epi64(a1, first, b1));
  _mm512_storeu_si512(words + 24, _mm512_permutex2var_epi64(a1, second, b1));
}

/** Swap lanes and vectors: lane l of x[v] becomes lane v of x[l], v < 8. */
template <class P>
PHALANX_INLINE void transposeLanes(Lanes<P>* x) {
  for (int i = 0; i < 5; i++) {
    __m512i r[8];
    for (int v = 0; v < 8; v++) r[v] = x[v].limb[i];
    limbs::transpose8(r);
    for (int v = 0; v < 8; v++) x[v].limb[i] = r[v];
  }
}

// Changes of form. From outside: eight consecutive elements, any value below 2^256; the result is below 1.07.
// To outside: normal, below 80; what is written is fully reduced.

/** From Montgomery form with R = 2^256 (class Element, .zkey sections). */
template <class P>
PHALANX_INLINE Lanes<P> fromElements(const Element<P>* from) {
  return mul(loadPacked<P>(&from->v[0]), Lanes<P>::broadcast(Limbs52<P>::elementToLanes));
}

template <class P>
PHALANX_INLINE void toElements(Element<P>* to, const Lanes<P>& a) {
  storePacked(&to->v[0], reduceFully(mul(a, Lanes<P>::broadcast(Limbs52<P>::lanesToElement))));
}

/** From plain integers (witness, scalars). */
template <class P>
PHALANX_INLINE Lanes<P> fromCanonical(const std::array<uint64_t, 4>* from) {
  return mul(loadPacked<P>(from->data()), Lanes<P>::broadcast(Limbs52<P>::canonicalToLanes));
}

template <class P>
PHALANX_INLINE void toCanonical(std::array<uint64_t, 4>* to, const Lanes<P>& a) {
  storePacked(to->data(), reduceFully(mul(a, Lanes<P>::broadcast(Limbs52<P>::lanesToCanonical))));
}

/** One element, ready to broadcast. For building tables; not fast. */
template <class P>
inline typename Lanes<P>::Constant laneConstant(const Element<P>& e) {
  const uint64_t* const same[8] = {e.v, e.v, e.v, e.v, e.v, e.v, e.v, e.v};
  const Lanes<P> a =
      reduceFully(mul(gatherPacked<P>(same), Lanes<P>::broadcast(Limbs52<P>::elementToLanes)));
  typename Lanes<P>::Constant c;
  for (int i = 0; i < 5; i++)
    c.limb[i] = static_cast<uint64_t>(_mm_cvtsi128_si64(_mm512_castsi512_si128(a.limb[i])));
  return c;
}

/** Element l, in Montgomery form with R = 2^256, fully reduced; a is normal. For results and tests; not fast. */
template <class P>
inline Element<P> elementAt(const Lanes<P>& a, size_t l) {
  Element<P> all[8];
  toElements(all, a);
  return all[l];
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
