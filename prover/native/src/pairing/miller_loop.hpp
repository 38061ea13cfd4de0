// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "loop_digits.hpp"
#include "frobenius.hpp"

#include <span>

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * A point of G1 as lines are taken at it: a line y_P - slope*x_P*w + ... is divided by y_P, which is never zero (r is
 * odd).
 */
template <class F> struct LinePoint {
  /** -x/y */
  F minusXOverY;
  /** 1/y */
  F inverseY;
};

/** @param inverseY 1/y of p, which is on the curve and not infinity */
template <class F> LinePoint<F> linePoint(const AffinePoint<F>& p, const F& inverseY) {
  return {-(p.x * inverseY), inverseY};
}

/** @param inverseY 1/Y of p, which is not infinite: x/y = X*Z/Y and 1/y = Z^3/Y. */
template <class F> LinePoint<F> linePoint(const JacobianPoint<F>& p, const F& inverseY) {
  const F ratio = p.z * inverseY;
  return {-(p.x * ratio), sqr(p.z) * ratio};
}

/** A line through multiples of a fixed point of G2: 1 + slope*(-x/y)*w + offset*(1/y)*v*w at (x, y). */
template <class Constant> struct PreparedLine {
  Constant slope, offset;
};

/** How many lines a Miller loop takes through the multiples of one point. */
inline constexpr size_t lineCount = [] {
  size_t count = loopDigits.length - 1 + 2;
  for (size_t i = 0; i + 1 < loopDigits.length; ++i) count += loopDigits.digit[i] != 0;
  return count;
}();

template <class Constant> using PreparedLines = std::array<PreparedLine<Constant>, lineCount>;
using PreparedG2 = PreparedLines<Fq2>;

/** The lines of the Miller loop over a point of G2, which must be in the subgroup and not infinity. */
PreparedG2 prepareG2(const AffineG2& point);

/** A pair whose point of G2 is fixed. */
template <class F2> struct FixedPair {
  const PreparedLines<typename Spread<F2>::Constant>* lines;
  LinePoint<decltype(F2::c0)> at;
};

/**
 * A pair whose point of G2 comes from outside: on the twist, not infinity; whether it is in the subgroup, the loop
 * sees.
 */
template <class F2> struct FreePair {
  AffinePoint<F2> q;
  LinePoint<decltype(F2::c0)> at;
  /** Multiple of q under way, homogeneous: (X/Z, Y/Z). */
  F2 x, y, z;
};

template <class F2> FreePair<F2> freePair(const AffinePoint<F2>& q, const LinePoint<decltype(F2::c0)>& at) {
  return {q, at, q.x, q.y, F2::one()};
}

template <class F2> F2 triple(const F2& a) { return dbl(a) + a; }

/**
 * T = 2T, and f times the tangent at T (Costello, Lange and Naehrig, "Faster Pairing Computations on Curves with
 * High-Degree Twists", section 5, every coordinate doubled to spare the halving). From Z = 0 on, Z stays 0.
 */
template <class F2> void doubleStep(Tower<F2>& f, FreePair<F2>& pair) {
  const F2 xy = pair.x * pair.y, yy = sqr(pair.y), zz = sqr(pair.z), xx = sqr(pair.x);
  const F2 e = Spread<F2>::b3() * zz; // 3b'Z^2
  const F2 h = sqr(pair.y + pair.z) - yy - zz; // 2YZ
  f = mulByLine(f, h, mul(triple(xx), pair.at.minusXOverY), mul(yy - e, pair.at.inverseY));
  const F2 e3 = triple(e);
  pair.x = dbl(xy * (yy - e3));
  pair.y = sqr(yy + e3) - dbl(dbl(triple(sqr(e))));
  pair.z = dbl(dbl(yy * h));
}

/**
 * T = T + Q, and f times the line through them (the same paper). Z becomes 0 if T = Q or T = -Q, which happens to no
 * point of the subgroup before the loop's end, and stays 0 from then on.
 */
template <class F2> void addStep(Tower<F2>& f, FreePair<F2>& pair, const AffinePoint<F2>& q) {
  const F2 o = pair.y - q.y * pair.z, l = pair.x - q.x * pair.z;
  f = mulByLine(f, l, mul(o, pair.at.minusXOverY), mul(o * q.x - l * q.y, pair.at.inverseY));
  const F2 ll = sqr(l), lll = l * ll, g = pair.x * ll;
  const F2 h = lll + pair.z * sqr(o) - dbl(g);
  pair.y = (g - h) * o - pair.y * lll;
  pair.x = l * h;
  pair.z = pair.z * lll;
}

/** psi, the p-power Frobenius seen on the twist. */
template <class F2> AffinePoint<F2> twistedFrobenius(const AffinePoint<F2>& q) {
  return {conjugate(q.x) * Spread<F2>::frobenius(2), conjugate(q.y) * Spread<F2>::frobenius(3)};
}

/**
 * Product of the optimal ate pairings' Miller values of all pairs, squarings shared (Vercauteren, "Optimal Pairings").
 * After it each free pair's T is [6x+2]Q + psi(Q) - psi^2(Q): see `inSubgroup`.
 */
template <class F2> Tower<F2> millerLoop(std::span<FreePair<F2>> free, std::span<const FixedPair<F2>> fixed) {
  Tower<F2> f = Tower<F2>::one();
  size_t line = 0;
  const auto fixedLines = [&] {
    for (const auto& [lines, at] : fixed) {
      const auto& [slope, offset] = (*lines)[line];
      f = mulByUnitLine(f, mul(Spread<F2>::spread(slope), at.minusXOverY), mul(Spread<F2>::spread(offset), at.inverseY));
    }
    ++line;
  };
  for (size_t i = loopDigits.length - 1; i-- > 0;) {
    if (i + 2 < loopDigits.length) f = sqr(f);
    for (auto& pair : free) doubleStep(f, pair);
    fixedLines();
    const int digit = loopDigits.digit[i];
    if (digit == 0) continue;
    for (auto& pair : free) addStep(f, pair, digit > 0 ? pair.q : neg(pair.q));
    fixedLines();
  }
  for (auto& pair : free) addStep(f, pair, twistedFrobenius(pair.q));
  fixedLines();
  for (auto& pair : free) addStep(f, pair, neg(twistedFrobenius(twistedFrobenius(pair.q))));
  fixedLines();
  return f;
}

inline bool isZero(const Fq2& a) { return a.isZero(); }
inline bool isNotZero(const Fq2& a) { return !a.isZero(); }

/**
 * Is a pair's Q, a point of the twist, in the subgroup of order r? To be asked after the Miller loop, whose T it
 * reuses: is [6x+2]Q + psi(Q) - psi^2(Q) + psi^3(Q) = 0? (The other `inSubgroup`, of a point alone, computes another
 * multiple.)
 *
 * In the subgroup psi is multiplication by p, and r divides 6x + 2 + p - p^2 + p^3; and T met no exception on its way,
 * because no multiple of Q that the loop adds to is Q, -Q, psi(Q) or -psi(Q): so the answer is yes.
 *
 * The other way round: on all of the twist psi^2 - t*psi + p = 0, as for the Frobenius on the curve. Modulo that
 * polynomial the one asked for is a*psi + b with a = t^2 - t + 1 - p, b = 6x + 2 + p - t*p, so that yes means N*Q = 0
 * for N = (a*psi + b)(a*(t - psi) + b) = a^2*p + a*b*t + b^2. r divides N once, and N has no other factor in common
 * with the order of the twist, r*(2p - r) (the test computes this): so r*Q = 0. That T is true relies on the formulas
 * having met no exception; those that did left Z = 0, and the answer is no.
 */
template <class F2> auto inSubgroup(const FreePair<F2>& pair) {
  using Truth = decltype(isZero(pair.z));
  const AffinePoint<F2> last = neg(twistedFrobenius(twistedFrobenius(twistedFrobenius(pair.q))));
  return Truth(isZero(pair.x - last.x * pair.z) & isZero(pair.y - last.y * pair.z) & isNotZero(pair.z));
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
