// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inverse.hpp"
#include "parameters.hpp"
#if defined(PHALANX_ADX) || defined(PHALANX_IFMA)
#include "element_adx.hpp"
#define PHALANX_ASSEMBLY 1
#endif

#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * An element of a prime field, in Montgomery form with R = 2^256 (the form of a .zkey), always in [0, p).
 *
 * An aggregate of 32 bytes: a buffer of elements can be read in place, once `isCanonical` has been asked of each.
 */
template <class P>
struct Element {
  using Parameters = P;
  uint64_t v[4];

  static constexpr Element zero() { return {}; }
  static constexpr Element one() { return fromWords(P::r1); }
  /** The element whose Montgomery form is `words`, which must be below p. */
  static constexpr Element fromWords(const Words& words) { return {{words[0], words[1], words[2], words[3]}}; }
  /** The Montgomery form. */
  constexpr Words words() const { return {v[0], v[1], v[2], v[3]}; }
  /** @param number below p (any number below 2^256 is accepted, and reduced) */
  static constexpr Element fromCanonical(const uint64_t number[4]) {
    static_assert(P::r2[3] < P::p[3] / 100 * 23, "for any number the product is small enough for element_adx.hpp");
    return mul(fromWords(P::r2), Element{{number[0], number[1], number[2], number[3]}});
  }
  static constexpr Element fromCanonical(const Words& number) { return fromCanonical(number.data()); }
  static constexpr Element fromInteger(uint64_t number) { return fromCanonical(Words{number, 0, 0, 0}); }
  /** The number in [0, p) that this element stands for. */
  constexpr Words toCanonical() const { return mul(*this, Element{{1, 0, 0, 0}}).words(); }

  constexpr bool isZero() const { return (v[0] | v[1] | v[2] | v[3]) == 0; }
  /** Are the words below p? Ask of words read from a file: every operation relies on it. */
  constexpr bool isCanonical() const { return lessThan(words(), P::p); }

  friend constexpr bool operator==(const Element& a, const Element& b) {
    return ((a.v[0] ^ b.v[0]) | (a.v[1] ^ b.v[1]) | (a.v[2] ^ b.v[2]) | (a.v[3] ^ b.v[3])) == 0;
  }
  friend constexpr Element operator+(const Element& a, const Element& b) { return add(a, b); }
  friend constexpr Element operator-(const Element& a, const Element& b) { return sub(a, b); }
  friend constexpr Element operator-(const Element& a) { return neg(a); }
  friend constexpr Element operator*(const Element& a, const Element& b) { return mul(a, b); }
};

/** t - p if t >= p, else t; t < 2p. */
template <class P>
constexpr Element<P> subtractModulusOnce(const uint64_t t[4]) {
  Element<P> reduced{};
  uint64_t borrow = 0;
  for (int i = 0; i < 4; ++i) {
    const uint128_t d = uint128_t(t[i]) - P::p[i] - borrow;
    reduced.v[i] = uint64_t(d);
    borrow = uint64_t(d >> 64) & 1;
  }
  const uint64_t keep = 0 - borrow; // no branch: which way it goes is a coin toss
  for (int i = 0; i < 4; ++i) reduced.v[i] = (reduced.v[i] & ~keep) | (t[i] & keep);
  return reduced;
}

template <class P>
constexpr Element<P> addPortable(const Element<P>& a, const Element<P>& b) {
  uint64_t sum[4]{};
  uint128_t carry = 0;
  for (int i = 0; i < 4; ++i) {
    carry += uint128_t(a.v[i]) + b.v[i];
    sum[i] = uint64_t(carry);
    carry >>= 64;
  }
  return subtractModulusOnce<P>(sum);
}

template <class P>
constexpr Element<P> subPortable(const Element<P>& a, const Element<P>& b) {
  Element<P> difference{};
  uint64_t borrow = 0;
  for (int i = 0; i < 4; ++i) {
    const uint128_t d = uint128_t(a.v[i]) - b.v[i] - borrow;
    difference.v[i] = uint64_t(d);
    borrow = uint64_t(d >> 64) & 1;
  }
  const uint64_t wrapped = 0 - borrow;
  uint128_t carry = 0;
  for (int i = 0; i < 4; ++i) {
    carry += uint128_t(difference.v[i]) + (P::p[i] & wrapped);
    difference.v[i] = uint64_t(carry);
    carry >>= 64;
  }
  return difference;
}

/**
 * a * b / R by Montgomery's method, a word of b at a time.
 *
 * With a below p, and two spare bits on top of p, the running value stays below 2p whatever b is, and its fifth word is
 * never needed between rounds.
 */
template <class P>
[[gnu::noinline]] constexpr Element<P> mulPortable(const Element<P>& a, const Element<P>& b) {
  uint64_t t[4]{};
  for (int i = 0; i < 4; ++i) {
    uint128_t product = uint128_t(a.v[0]) * b.v[i] + t[0];
    const uint64_t m = uint64_t(product) * P::negInverse;
    uint128_t reduction = uint128_t(m) * P::p[0] + uint64_t(product);
    for (int j = 1; j < 4; ++j) {
      product = uint128_t(a.v[j]) * b.v[i] + t[j] + uint64_t(product >> 64);
      reduction = uint128_t(m) * P::p[j] + uint64_t(product) + uint64_t(reduction >> 64);
      t[j - 1] = uint64_t(reduction);
    }
    t[3] = uint64_t(product >> 64) + uint64_t(reduction >> 64);
  }
  return subtractModulusOnce<P>(t);
}

template <class P>
constexpr Element<P> add(const Element<P>& a, const Element<P>& b) {
#ifdef PHALANX_ASSEMBLY
  if (!std::is_constant_evaluated()) {
    Element<P> sum;
    addAdx<P>(sum.v, a.v, b.v);
    return sum;
  }
#endif
  return addPortable(a, b);
}

template <class P>
constexpr Element<P> sub(const Element<P>& a, const Element<P>& b) {
#ifdef PHALANX_ASSEMBLY
  if (!std::is_constant_evaluated()) {
    Element<P> difference;
    subAdx<P>(difference.v, a.v, b.v);
    return difference;
  }
#endif
  return subPortable(a, b);
}

template <class P>
constexpr Element<P> mul(const Element<P>& a, const Element<P>& b) {
#ifdef PHALANX_ASSEMBLY
  if (!std::is_constant_evaluated()) {
    Element<P> product;
    mulAdx<P>(product.v, a.v, b.v);
    return product;
  }
#endif
  return mulPortable(a, b);
}

template <class P>
constexpr Element<P> sqr(const Element<P>& a) {
#ifdef PHALANX_ASSEMBLY
  if (!std::is_constant_evaluated()) {
    Element<P> square;
    sqrAdx<P>(square.v, a.v);
    return square;
  }
#endif
  return mulPortable(a, a);
}

template <class P>
constexpr Element<P> neg(const Element<P>& a) { return sub(Element<P>::zero(), a); }
template <class P>
constexpr Element<P> dbl(const Element<P>& a) { return add(a, a); }

/** base^exponent; the time taken tells the exponent. F may be any field of this folder. */
template <class F>
constexpr F pow(const F& base, const Words& exponent) {
  F power = F::one();
  for (int i = 255; i >= 0; --i) {
    power = sqr(power);
    if (exponent[i / 64] >> (i % 64) & 1) power = mul(power, base);
  }
  return power;
}

/** 1/n for 0 < n < 2^16, cheap enough for constants. */
template <class F>
constexpr F inverseOfSmall(uint64_t n) {
  // 1/n = (k*p + 1)/n for the one k < n that makes it whole; with p = n*quotient + rest no word overflows.
  const Words quotient = divideWords(F::Parameters::p, n);
  const uint64_t rest = subWords(F::Parameters::p, mulSmall(quotient, n))[0];
  uint64_t k = 0;
  while ((k * rest + 1) % n != 0) ++k;
  return F::fromCanonical(addWords(mulSmall(quotient, k), Words{(k * rest + 1) / n, 0, 0, 0}));
}

/** 1/a; 0 for 0. */
template <class P>
constexpr Element<P> inv(const Element<P>& a) {
  const UncorrectedInverse inverse = invertWords<P>(a.words());
  return mul(Element<P>::fromWords(inverse.value), Element<P>::fromWords(inverse.correction));
}

/**
 * Replace every element by its inverse, zeros staying zero: one inversion and three products each (Montgomery's trick).
 * F may be any field of this folder.
 */
template <class F>
void invertBatch(std::span<F> elements) {
  std::vector<F> before(elements.size());
  F product = F::one();
  for (size_t i = 0; i < elements.size(); ++i) {
    before[i] = product;
    if (!elements[i].isZero()) product = mul(product, elements[i]);
  }
  F inverse = inv(product);
  for (size_t i = elements.size(); i-- > 0;) {
    if (elements[i].isZero()) continue;
    const F element = elements[i];
    elements[i] = mul(inverse, before[i]);
    inverse = mul(inverse, element);
  }
}

/** BN254's base field: coordinates of points. */
using Fq = Element<FqParameters>;
/** BN254's scalar field: wires, witnesses, exponents. */
using Fr = Element<FrParameters>;

}  // namespace PHALANX_PATH
}  // namespace phalanx
