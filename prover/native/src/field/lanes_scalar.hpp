// SPDX-License-Identifier: GPL-3.0-or-later
// The lanes' interface (lanes.hpp) with one lane: an Element, always fully reduced, in Montgomery form with R = 2^256.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "element.hpp"

#define PHALANX_INLINE inline __attribute__((always_inline))

namespace phalanx {
inline namespace PHALANX_PATH {

/** One bit a lane. */
using LaneMask = uint8_t;

template <class P>
struct Lanes {
  using Parameters = P;
  static constexpr size_t width = 1;
  static constexpr LaneMask allLanes = 1;

  struct Constant {
    Element<P> element;
  };

  Element<P> element;

  static PHALANX_INLINE Lanes broadcast(const Constant& c) { return {c.element}; }
  static PHALANX_INLINE Lanes zero() { return {Element<P>::zero()}; }
  static PHALANX_INLINE Lanes one() { return {Element<P>::one()}; }
  template <int K>
  static PHALANX_INLINE Lanes multipleOfModulus() {
    return zero();
  }
};

template <class P>
PHALANX_INLINE void copy(Lanes<P>& to, const Lanes<P>& from) {
  to = from;
}

template <class P>
PHALANX_INLINE Lanes<P> addRaw(const Lanes<P>& a, const Lanes<P>& b) {
  return {add(a.element, b.element)};
}

template <int K, class P>
PHALANX_INLINE Lanes<P> subRaw(const Lanes<P>& a, const Lanes<P>& b) {
  return {sub(a.element, b.element)};
}

template <class P>
PHALANX_INLINE Lanes<P> select(LaneMask mask, const Lanes<P>& set, const Lanes<P>& clear) {
  // No branch: signs of digits, which come here, cannot be predicted.
  const uint64_t take = 0 - uint64_t(mask & 1);
  Lanes<P> r;
  for (int i = 0; i < 4; i++) r.element.v[i] = (set.element.v[i] & take) | (clear.element.v[i] & ~take);
  return r;
}

template <int K, class P>
PHALANX_INLINE Lanes<P> negateRaw(LaneMask mask, const Lanes<P>& a) {
  return select(mask, Lanes<P>{neg(a.element)}, a);
}

template <class P>
PHALANX_INLINE Lanes<P> carry(const Lanes<P>& a) {
  return a;
}

template <class P>
PHALANX_INLINE Lanes<P> reduce(const Lanes<P>& a) {
  return a;
}

template <class P>
PHALANX_INLINE Lanes<P> reduceFully(const Lanes<P>& a) {
  return a;
}

template <class P>
PHALANX_INLINE Lanes<P> add(const Lanes<P>& a, const Lanes<P>& b) {
  return addRaw(a, b);
}

template <int K, class P>
PHALANX_INLINE Lanes<P> sub(const Lanes<P>& a, const Lanes<P>& b) {
  return subRaw<K>(a, b);
}

template <class P>
PHALANX_INLINE LaneMask isZero(const Lanes<P>& a) {
  return a.element.isZero();
}

template <class P>
PHALANX_INLINE LaneMask isPackedZero(const Lanes<P>& a) {
  return a.element.isZero();
}

/** Nothing to do between the steps of a product. */
struct NoWork {
  PHALANX_INLINE void operator()(int) const {}
};

template <int N, bool Raw = false, class P, class Between = NoWork>
PHALANX_INLINE void mulN(Lanes<P>* r, const Lanes<P>* a, const Lanes<P>* b, const Between& between = {}) {
  for (int i = 0; i < 4; i++) between(i);
  for (int n = 0; n < N; n++) r[n].element = mul(a[n].element, b[n].element);
}

template <int N, bool Raw = false, class P, class Between = NoWork>
PHALANX_INLINE void sqrN(Lanes<P>* r, const Lanes<P>* a, const Between& between = {}) {
  for (int i = 0; i < 4; i++) between(i);
  for (int n = 0; n < N; n++) r[n].element = sqr(a[n].element);
}

template <class P>
PHALANX_INLINE Lanes<P> mul(const Lanes<P>& a, const Lanes<P>& b) {
  return {mul(a.element, b.element)};
}

template <class P>
PHALANX_INLINE Lanes<P> sqr(const Lanes<P>& a) {
  return {sqr(a.element)};
}

template <class P>
PHALANX_INLINE Lanes<P> loadPacked(const uint64_t* words) {
  Lanes<P> r;
  std::memcpy(r.element.v, words, sizeof r.element.v);
  return r;
}

template <class P>
PHALANX_INLINE void storePacked(uint64_t* words, const Lanes<P>& a) {
  std::memcpy(words, a.element.v, sizeof a.element.v);
}

template <class P>
PHALANX_INLINE Lanes<P> gatherPacked(const uint64_t* const* address) {
  return loadPacked<P>(*address);
}

template <class P>
PHALANX_INLINE void transposeLanes(Lanes<P>*) {}

/** Unlike eight lanes' this asks for an element below p. */
template <class P>
PHALANX_INLINE Lanes<P> fromElements(const Element<P>* from) {
  return {*from};
}

template <class P>
PHALANX_INLINE void toElements(Element<P>* to, const Lanes<P>& a) {
  *to = a.element;
}

template <class P>
PHALANX_INLINE Lanes<P> fromCanonical(const std::array<uint64_t, 4>* from) {
  return {Element<P>::fromCanonical(*from)};
}

template <class P>
PHALANX_INLINE void toCanonical(std::array<uint64_t, 4>* to, const Lanes<P>& a) {
  *to = a.element.toCanonical();
}

template <class P>
inline typename Lanes<P>::Constant laneConstant(const Element<P>& e) {
  return {e};
}

template <class P>
inline Element<P> elementAt(const Lanes<P>& a, size_t) {
  return a.element;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
