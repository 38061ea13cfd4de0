// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../field/lanes_fq2.hpp"
#include "constants.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Eight elements of Fq, for code that is written for one: every value is normal and below 2.1 (see lanes_ifma.hpp), so
 * that sums and differences of a few of them stay below 8 and can be reduced.
 */
struct LaneFq {
  using Value = Lanes<FqParameters>;
  static constexpr size_t width = Value::width;
  Value value;

  static LaneFq zero() { return {Value::zero()}; }
  static LaneFq one() { return {Value::one()}; }

  friend LaneFq operator+(const LaneFq& a, const LaneFq& b) { return {reduce(addRaw(a.value, b.value))}; }
  friend LaneFq operator-(const LaneFq& a, const LaneFq& b) { return {reduce(subRaw<3>(a.value, b.value))}; }
  friend LaneFq operator-(const LaneFq& a) { return {reduce(subRaw<3>(Value::zero(), a.value))}; }
  friend LaneFq operator*(const LaneFq& a, const LaneFq& b) { return {mul(a.value, b.value)}; }
};

inline LaneFq sqr(const LaneFq& a) { return {sqr(a.value)}; }
inline LaneFq dbl(const LaneFq& a) { return a + a; }
inline LaneFq neg(const LaneFq& a) { return -a; }
inline LaneFq mul(const LaneFq& a, const LaneFq& b) { return a * b; }

/** Eight elements of Fq2. */
struct LaneFq2 {
  static constexpr size_t width = LaneFq::width;
  LaneFq c0, c1;

  static LaneFq2 zero() { return {LaneFq::zero(), LaneFq::zero()}; }
  static LaneFq2 one() { return {LaneFq::one(), LaneFq::zero()}; }
};

/** Products are functions of their own: inlined everywhere they would not fit the processor's instruction cache. */
LaneFq2 operator*(const LaneFq2& a, const LaneFq2& b);
LaneFq2 sqr(const LaneFq2& a);
LaneFq2 mul(const LaneFq2& a, const LaneFq& b);
/** 1/a in each lane; 0 for 0. */
LaneFq2 inv(const LaneFq2& a);

inline LaneFq2 operator+(const LaneFq2& a, const LaneFq2& b) { return {a.c0 + b.c0, a.c1 + b.c1}; }
inline LaneFq2 operator-(const LaneFq2& a, const LaneFq2& b) { return {a.c0 - b.c0, a.c1 - b.c1}; }
inline LaneFq2 operator-(const LaneFq2& a) { return {-a.c0, -a.c1}; }
inline LaneFq2 dbl(const LaneFq2& a) { return a + a; }
inline LaneFq2 neg(const LaneFq2& a) { return -a; }
inline LaneFq2 conjugate(const LaneFq2& a) { return {a.c0, -a.c1}; }

/** a * xi, xi = 9 + u: 9a is 3 * 3a, reduced in between. */
inline LaneFq2 mulByXi(const LaneFq2& a) {
  const auto three = [](const LaneFq::Value& v) { return addRaw(addRaw(v, v), v); };
  const LaneFq::Value low = three(reduce(three(a.c0.value))), high = three(reduce(three(a.c1.value)));
  return {{reduce(subRaw<3>(low, a.c1.value))}, {reduce(addRaw(high, a.c0.value))}};
}

inline LaneMask isZero(const LaneFq2& a) { return isZero(a.c0.value) & isZero(a.c1.value); }
inline LaneMask isNotZero(const LaneFq2& a) { return LaneMask(~isZero(a)); }

/** Eight elements of memory, a lane each. */
inline LaneFq fromElements(const std::array<Fq, LaneFq::width>& elements) { return {fromElements(elements.data())}; }
inline std::array<Fq, LaneFq::width> toElements(const LaneFq& a) {
  std::array<Fq, LaneFq::width> elements;
  toElements(elements.data(), a.value);
  return elements;
}

/** An element of Fq2 that all lanes share. */
struct LaneConstant {
  Lanes<FqParameters>::Constant c0, c1;
};

template <> struct Spread<LaneFq2> {
  using Constant = LaneConstant;

  static LaneConstant constant(const Fq2& a) { return {laneConstant(a.c0), laneConstant(a.c1)}; }
  static LaneFq2 spread(const LaneConstant& a) {
    return {{LaneFq::Value::broadcast(a.c0)}, {LaneFq::Value::broadcast(a.c1)}};
  }
  static LaneFq2 frobenius(int i) {
    static const auto factors = [] {
      std::array<LaneConstant, frobeniusFactors.size()> constants;
      for (size_t n = 0; n < constants.size(); ++n) constants[n] = constant(frobeniusFactors[n]);
      return constants;
    }();
    return spread(factors[i]);
  }
  static LaneFq2 b3() {
    static const LaneConstant constantB3 = constant(twistB3);
    return spread(constantB3);
  }
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
