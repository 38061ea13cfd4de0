// SPDX-License-Identifier: GPL-3.0-or-later
#include "curve/point.hpp"

#include <random>

#include "check.hpp"
#include "curve/subgroup.hpp"

using namespace phalanx;

namespace {

std::mt19937_64 random64{7};

Words randomScalar() { return {random64(), random64(), random64(), random64()}; }

template <class F>
void groupLaws(const AffinePoint<F>& generator) {
  using Jacobian = JacobianPoint<F>;
  const auto infinity = Jacobian::infinity();
  CHECK(onCurve(generator) && onCurve(AffinePoint<F>::infinity()));
  CHECK(!onCurve(AffinePoint<F>{generator.x, generator.y + F::one()}));
  CHECK(mul(generator, FrParameters::p).isInfinity());
  CHECK(mul(generator, Words{}).isInfinity() && toAffine(mul(generator, Words{1, 0, 0, 0})) == generator);
  CHECK(mul(generator, subWords(FrParameters::p, Words{1, 0, 0, 0})) == Jacobian::from(neg(generator)));
  for (int i = 0; i < 20; ++i) {
    const Words n = shiftRight(randomScalar(), 2), m = shiftRight(randomScalar(), 2);
    const Jacobian p = mul(generator, n), q = mul(generator, m);
    const AffinePoint<F> affineQ = toAffine(q);
    CHECK(onCurve(affineQ) && affineQ.x.isCanonical() && affineQ.y.isCanonical());
    CHECK(Jacobian::from(affineQ) == q);
    CHECK(add(p, q) == mul(generator, addWords(n, m)));
    CHECK(add(p, q) == add(q, p) && add(p, q) == add(p, affineQ) && !(add(p, q) == p));
    CHECK(dbl(p) == add(p, p) && dbl(q) == add(q, affineQ) && !(dbl(p) == p));
    CHECK(add(p, neg(p)).isInfinity() && add(q, neg(affineQ)).isInfinity());
    CHECK(add(p, infinity) == p && add(infinity, p) == p && add(infinity, affineQ) == q);
    CHECK(add(p, AffinePoint<F>::infinity()) == p && dbl(infinity).isInfinity());
  }
  CHECK(toAffine(infinity) == AffinePoint<F>::infinity());
}

/** The generator's double, from EIP-196's arithmetic done elsewhere. */
void knownDouble() {
  const AffineG1 twice = toAffine(dbl(JacobianG1::from(generatorG1)));
  CHECK(twice.x.toCanonical() == (Words{0xd3c208c16d87cfd3, 0xd97816a916871ca8, 0x9b85045b68181585, 0x030644e72e131a02}));
  CHECK(twice.y.toCanonical() == (Words{0xff3ebf7a5a18a2c4, 0x68a6a449e3538fc7, 0xe7845f96b2ae9c0a, 0x15ed738c0e0a7c92}));
}

/** A square root of a, or zero if there is none; q = 3 mod 4. */
Fq2 squareRoot(const Fq2& a) {
  const Fq2 a1 = pow(a, shiftRight(FqParameters::p, 2));
  const Fq2 alpha = a1 * a1 * a, x0 = a1 * a;
  const Fq2 u{Fq::zero(), Fq::one()};
  const Fq2 root = alpha == -Fq2::one() ? u * x0 : pow(Fq2::one() + alpha, shiftRight(FqParameters::p, 1)) * x0;
  return sqr(root) == a ? root : Fq2::zero();
}

AffineG2 randomTwistPoint() {
  for (;;) {
    const Fq2 x{Fq::fromCanonical(randomScalar()), Fq::fromCanonical(randomScalar())};
    const Fq2 y = squareRoot(sqr(x) * x + curveB<Fq2>);
    if (!y.isZero()) return {x, y};
  }
}

/** The fast check and the product by r say the same. */
bool subgroupByBoth(const AffineG2& p) {
  CHECK(onCurve(p));
  const bool is = mul(p, FrParameters::p).isInfinity();
  CHECK(inSubgroup(p) == is);
  return is;
}

void subgroup() {
  const Words cofactor = subWords(addWords(FqParameters::p, FqParameters::p), FrParameters::p);
  constexpr uint64_t smallFactor = 10069;  // the only small prime of the cofactor
  const Words cofactorRest = divideWords(cofactor, smallFactor);
  CHECK(mulSmall(cofactorRest, smallFactor) == cofactor);
  CHECK(subgroupByBoth(generatorG2) && subgroupByBoth(AffineG2::infinity()));
  bool smallOrderSeen = false;
  for (int i = 0; i < 20; ++i) {
    CHECK(subgroupByBoth(toAffine(mul(generatorG2, randomScalar()))));
    const AffineG2 p = randomTwistPoint();
    CHECK(!subgroupByBoth(p));
    CHECK(mul(mul(p, FrParameters::p), cofactor).isInfinity());
    CHECK(subgroupByBoth(toAffine(mul(p, cofactor))));
    CHECK(!subgroupByBoth(toAffine(mul(p, FrParameters::p))));
    const JacobianG2 small = mul(mul(p, FrParameters::p), cofactorRest);
    if (small.isInfinity()) continue;
    smallOrderSeen = true;
    CHECK(mul(small, Words{smallFactor, 0, 0, 0}).isInfinity());
    CHECK(!subgroupByBoth(toAffine(small)));
    CHECK(!subgroupByBoth(toAffine(add(small, generatorG2))));
  }
  CHECK(smallOrderSeen);
}

}  // namespace

int main() {
  groupLaws(generatorG1);
  groupLaws(generatorG2);
  knownDouble();
  subgroup();
}
