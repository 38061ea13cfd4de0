// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../field/fq2.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** b of the curve y^2 = x^3 + b over F: 3 for G1, 3/xi for its twist G2 (EIP-196, EIP-197). */
template <class F> inline constexpr F curveB = F::one();
template <> inline constexpr Fq curveB<Fq> = Fq::fromInteger(3);
template <> inline constexpr Fq2 curveB<Fq2> =  // 9^2 + 1 = 82
    mul(conjugate(Fq2::xi()), Fq::fromInteger(3) * inverseOfSmall<Fq>(82));

/** A point as (x, y); infinity is (0, 0), which is on neither curve, as in a .zkey. */
template <class F>
struct AffinePoint {
  F x, y;

  static constexpr AffinePoint infinity() { return {}; }
  constexpr bool isInfinity() const { return x.isZero() && y.isZero(); }
  friend constexpr bool operator==(const AffinePoint&, const AffinePoint&) = default;
};

template <class F>
constexpr AffinePoint<F> neg(const AffinePoint<F>& p) { return {p.x, neg(p.y)}; }

/** On the curve, or infinity. Coordinates must be canonical: ask that first of a point from outside. */
template <class F>
constexpr bool onCurve(const AffinePoint<F>& p) {
  return p.isInfinity() || sqr(p.y) == mul(sqr(p.x), p.x) + curveB<F>;
}

/** A point as (X, Y, Z) with x = X/Z^2, y = Y/Z^3; infinity is any point with Z = 0. */
template <class F>
struct JacobianPoint {
  F x, y, z;

  static constexpr JacobianPoint infinity() { return {F::one(), F::one(), F::zero()}; }
  static constexpr JacobianPoint from(const AffinePoint<F>& p) {
    return p.isInfinity() ? infinity() : JacobianPoint{p.x, p.y, F::one()};
  }
  constexpr bool isInfinity() const { return z.isZero(); }

  /** Equal as points, whatever the Z. */
  friend constexpr bool operator==(const JacobianPoint& a, const JacobianPoint& b) {
    if (a.isInfinity() || b.isInfinity()) return a.isInfinity() == b.isInfinity();
    const F za = sqr(a.z), zb = sqr(b.z);
    return mul(a.x, zb) == mul(b.x, za) && mul(a.y, mul(zb, b.z)) == mul(b.y, mul(za, a.z));
  }
};

template <class F>
constexpr JacobianPoint<F> neg(const JacobianPoint<F>& p) { return {p.x, neg(p.y), p.z}; }

/** 2p: 2 products, 5 squares (a = 0: "dbl-2009-l" of the Explicit-Formulas Database). */
template <class F>
constexpr JacobianPoint<F> dbl(const JacobianPoint<F>& p) {
  const F xx = sqr(p.x), yy = sqr(p.y), yyyy = sqr(yy);
  const F s = dbl(sqr(p.x + yy) - xx - yyyy); // 4*x*y^2
  const F m = dbl(xx) + xx;
  const F x = sqr(m) - dbl(s);
  return {x, mul(m, s - x) - dbl(dbl(dbl(yyyy))), dbl(mul(p.y, p.z))};
}

/** p + q for any p and q, equal, opposite and infinite ones too: 12 products, 4 squares. */
template <class F>
constexpr JacobianPoint<F> add(const JacobianPoint<F>& p, const JacobianPoint<F>& q) {
  if (p.isInfinity()) return q;
  if (q.isInfinity()) return p;
  const F zp = sqr(p.z), zq = sqr(q.z);
  const F u = mul(p.x, zq), s = mul(p.y, mul(q.z, zq));
  const F h = mul(q.x, zp) - u, r = mul(q.y, mul(p.z, zp)) - s;
  if (h.isZero()) return r.isZero() ? dbl(p) : JacobianPoint<F>::infinity();
  const F hh = sqr(h), hhh = mul(h, hh), v = mul(u, hh);
  const F x = sqr(r) - hhh - dbl(v);
  return {x, mul(r, v - x) - mul(s, hhh), mul(mul(p.z, q.z), h)};
}

/** p + q for any p and q: 8 products, 3 squares. */
template <class F>
constexpr JacobianPoint<F> add(const JacobianPoint<F>& p, const AffinePoint<F>& q) {
  if (q.isInfinity()) return p;
  if (p.isInfinity()) return JacobianPoint<F>::from(q);
  const F zz = sqr(p.z);
  const F h = mul(q.x, zz) - p.x, r = mul(q.y, mul(p.z, zz)) - p.y;
  if (h.isZero()) return r.isZero() ? dbl(p) : JacobianPoint<F>::infinity();
  const F hh = sqr(h), hhh = mul(h, hh), v = mul(p.x, hh);
  const F x = sqr(r) - hhh - dbl(v);
  return {x, mul(r, v - x) - mul(p.y, hhh), mul(p.z, h)};
}

/** scalar * p, for any 256-bit scalar; the time taken tells the scalar. */
template <class F>
constexpr JacobianPoint<F> mul(const JacobianPoint<F>& p, const Words& scalar) {
  JacobianPoint<F> product = JacobianPoint<F>::infinity();
  for (int i = 255; i >= 0; --i) {
    if (!product.isInfinity()) product = dbl(product);
    if (scalar[i / 64] >> (i % 64) & 1) product = add(product, p);
  }
  return product;
}

template <class F>
constexpr JacobianPoint<F> mul(const AffinePoint<F>& p, const Words& scalar) {
  return mul(JacobianPoint<F>::from(p), scalar);
}

template <class F>
constexpr AffinePoint<F> toAffine(const JacobianPoint<F>& p) {
  if (p.isInfinity()) return AffinePoint<F>::infinity();
  const F zInverse = inv(p.z), zz = sqr(zInverse);
  return {mul(p.x, zz), mul(p.y, mul(zz, zInverse))};
}

using AffineG1 = AffinePoint<Fq>;
using AffineG2 = AffinePoint<Fq2>;
using JacobianG1 = JacobianPoint<Fq>;
using JacobianG2 = JacobianPoint<Fq2>;

/** The generator (1, 2) of EIP-196. */
inline constexpr AffineG1 generatorG1{Fq::fromInteger(1), Fq::fromInteger(2)};

/** The generator of EIP-197. */
inline constexpr AffineG2 generatorG2{
    {Fq::fromCanonical(Words{0x46debd5cd992f6ed, 0x674322d4f75edadd, 0x426a00665e5c4479, 0x1800deef121f1e76}),
     Fq::fromCanonical(Words{0x97e485b7aef312c2, 0xf1aa493335a9e712, 0x7260bfb731fb5d25, 0x198e9393920d483a})},
    {Fq::fromCanonical(Words{0x4ce6cc0166fa7daa, 0xe3d1e7690c43d37b, 0x4aab71808dcb408f, 0x12c85ea5db8c6deb}),
     Fq::fromCanonical(Words{0x55acdadcd122975b, 0xbc4b313370b38ef3, 0xec9e99ad690c3395, 0x090689d0585ff075})}};

}  // namespace PHALANX_PATH
}  // namespace phalanx
