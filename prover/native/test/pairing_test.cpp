// SPDX-License-Identifier: GPL-3.0-or-later
#include "../src/pairing/final_exponentiation.hpp"
#include "../src/pairing/many_pairs.hpp"
#include "check.hpp"

#include <cstdlib>
#include <vector>

using namespace phalanx;

namespace {

struct Paired {
  Fq12 value;
  bool inSubgroup;
};

Paired pair(const AffineG1& p, const AffineG2& q) {
  FreePair<Fq2> free = freePair(q, linePoint(p, inv(p.y)));
  const Fq12 miller = millerLoop<Fq2>({&free, 1}, {});
  return {finalExponentiation(miller), inSubgroup(free)};
}

Fq12 pairPrepared(const AffineG1& p, const AffineG2& q) {
  const PreparedG2 lines = prepareG2(q);
  const FixedPair<Fq2> fixed{&lines, linePoint(p, inv(p.y))};
  return finalExponentiation(millerLoop<Fq2>({}, {&fixed, 1}));
}

AffineG1 g1(const Words& scalar) { return toAffine(mul(generatorG1, scalar)); }
AffineG2 g2(const Words& scalar) { return toAffine(mul(generatorG2, scalar)); }

Fq12 power(const Fq12& base, const Words& exponent) {
  Fq12 result = Fq12::one();
  for (int i = 255; i >= 0; --i) {
    result = sqr(result);
    if (exponent[i / 64] >> (i % 64) & 1) result = result * base;
  }
  return result;
}

/** Numbers that look random, the same in every run. */
Words scramble(uint64_t seed) {
  Words words{};
  for (uint64_t& word : words) {
    seed += 0x9e3779b97f4a7c15;
    word = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9;
    word ^= word >> 27;
  }
  words[3] >>= 3;
  return words;
}

Fq fq(const Words& words) { return Fq::fromCanonical(words); }
Fq2 fq2(uint64_t seed) { return {fq(scramble(seed)), fq(scramble(seed + 1000))}; }
Fq12 fq12(uint64_t seed) {
  return {{fq2(seed), fq2(seed + 1), fq2(seed + 2)}, {fq2(seed + 3), fq2(seed + 4), fq2(seed + 5)}};
}

/** The square root of a, or of -a where a has none. */
Fq rootOf(const Fq& a) {
  // q = 3 modulo 4.
  return pow(a, shiftRight(addWords(FqParameters::p, Words{1, 0, 0, 0}), 2));
}

/** A point of the twist that is, as all but one in 2^254 of them, outside the subgroup. */
AffineG2 pointOfTwist(uint64_t seed) {
  for (;; ++seed) {
    const Fq2 x = fq2(seed), a = sqr(x) * x + curveB<Fq2>;
    const Fq norm = rootOf(sqr(a.c0) + sqr(a.c1));
    for (const Fq& sign : {norm, -norm}) {
      const Fq half = inverseOfSmall<Fq>(2), y0 = rootOf((a.c0 + sign) * half);
      if (y0.isZero()) continue;
      const AffineG2 point{x, {y0, a.c1 * half * inv(y0)}};
      if (onCurve(point)) return point;
    }
  }
}

TEST(tower_is_a_field) {
  for (uint64_t seed = 1; seed < 20; ++seed) {
    const Fq12 a = fq12(seed), b = fq12(seed + 100), c = fq12(seed + 200);
    CHECK(a * b == b * a);
    CHECK((a * b) * c == a * (b * c));
    CHECK(Fq12({a.c0 + b.c0, a.c1 + b.c1}) * c == Fq12({(a * c).c0 + (b * c).c0, (a * c).c1 + (b * c).c1}));
    CHECK(sqr(a) == a * a);
    CHECK(a * inv(a) == Fq12::one());
    CHECK(a * Fq12::one() == a);
  }
}

TEST(tower_has_the_relations_it_says) {
  const CubicTower<Fq2> zero = CubicTower<Fq2>::zero(), one = CubicTower<Fq2>::one();
  const CubicTower<Fq2> v{Fq2::zero(), Fq2::one(), Fq2::zero()};
  const Fq12 w{zero, one};
  CHECK(w * w == Fq12({v, zero}));
  CHECK(v * v * v == CubicTower<Fq2>({Fq2::xi(), Fq2::zero(), Fq2::zero()}));
  CHECK(mulByXi(fq2(7)) == fq2(7) * Fq2::xi());
  CHECK(mulByV(fq12(3).c0) == fq12(3).c0 * v);
}

TEST(sparse_products_are_products) {
  const Fq12 a = fq12(1);
  const Fq2 l0 = fq2(50), l1 = fq2(51), l2 = fq2(52), none = Fq2::zero();
  CHECK(mulByLine(a, l0, l1, l2) == a * Fq12({{l0, none, none}, {l1, l2, none}}));
  CHECK(mulByUnitLine(a, l1, l2) == a * Fq12({{Fq2::one(), none, none}, {l1, l2, none}}));
}

TEST(frobenius_is_the_power_p) {
  const Fq12 a = fq12(9);
  CHECK(frobenius(a) == power(a, FqParameters::p));
  CHECK(frobeniusSquare(a) == power(frobenius(a), FqParameters::p));
}

TEST(cyclotomic_square_is_a_square) {
  for (uint64_t seed = 1; seed < 10; ++seed) {
    const Fq12 f = fq12(seed), unit = conjugate(f) * inv(f), m = frobeniusSquare(unit) * unit;
    CHECK(cyclotomicSquare(m) == m * m);
    CHECK(conjugate(m) * m == Fq12::one());
    CHECK(powCurveParameter(m) == power(m, Words{CURVE_X, 0, 0, 0}));
  }
}

TEST(non_adjacent_forms_stand_for_their_numbers) {
  const auto check = [](const auto& form, uint128_t number, int most) {
    uint128_t sum = 0;
    for (size_t i = form.length; i-- > 0;) {
      sum = 2 * sum + uint128_t(__int128(form.digit[i]));
      CHECK(form.digit[i] == 0 || (form.digit[i] % 2 != 0 && std::abs(form.digit[i]) < most));
    }
    CHECK(sum == number);
    CHECK(form.digit[form.length - 1] > 0);
  };
  check(loopDigits, uint128_t(CURVE_X) * 6 + 2, 2);
  check(nonAdjacentForm<4>(CURVE_X), CURVE_X, 8);
}

TEST(pairing_has_the_value_that_noble_curves_gives) {
  // bn254.pairing(G1.Point.BASE, G2.Point.BASE) of @noble/curves 2.4.0, which also raises to the power
  // 2x(6x^2 + 3x + 1).
  static constexpr Words expected[12] = {
      {0x5e1f63739d870e95, 0xf87e5feb898578b5, 0x0da01bde280a3ed6, 0x262b253feda94cfe},
      {0xb49d34b48efb8a4a, 0x397c4dea0918ed66, 0x0a1b1f823879abbd, 0x02e02d2cc795a200},
      {0x4e135402fdbd1de0, 0x5fd2957387ecb1fc, 0xa5b1ad44b3197793, 0x13a9f2d6e29b128d},
      {0xb130b08a6ea1162b, 0xc4b420bd699ce630, 0x4b31984a74e68659, 0x040ba9fa500f1a5c},
      {0xf5e3eeaef89eafdb, 0x478f590b211ce30b, 0xbe359d7f9873f052, 0x0afc2f3fd870678f},
      {0xf9cddbd2d98dd1f0, 0xdda9a712cc5a8243, 0xbdc662d929e645ca, 0x1c54a530398c9064},
      {0x5c0d58c5dc2429fe, 0x1ba990ecfd4b7aef, 0x23794a0d856f9259, 0x095c0fbf5d5a1ac0},
      {0x0f8215d4b99f2b4a, 0xe9ad9ebb590cb4a6, 0xa31dc10f7b4053c9, 0x14d3d6ca72d8a950},
      {0xdfaf545838ca7429, 0x59dc1a23043c585f, 0x89dc206b4b91c857, 0x1dc0e7bbc3d70e66},
      {0x7ab2cd3ed5e22b97, 0x5ab90d61ac16cc1b, 0x98a855ffc837d2a7, 0x0b53320e5a6488cb},
      {0x9bd7fddaf5ebd723, 0x18ce07bac42a9c0f, 0x6c91476ef36cd1d3, 0x13a8afd3085dae4c},
      {0x3e5314859e762c97, 0x5ceee1b343940c38, 0xb601f3730a3afa96, 0x00f97b5221474526}};
  const auto at = [](int i) { return Fq2{fq(expected[2 * i]), fq(expected[2 * i + 1])}; };
  const Fq12 value{{at(0), at(1), at(2)}, {at(3), at(4), at(5)}};
  CHECK(pair(generatorG1, generatorG2).value == value);
  CHECK(pairPrepared(generatorG1, generatorG2) == value);
}

TEST(pairing_is_bilinear_and_not_degenerate) {
  const Fq12 base = pair(generatorG1, generatorG2).value;
  CHECK(!(base == Fq12::one()));
  CHECK(power(base, FrParameters::p) == Fq12::one());
  for (uint64_t seed = 1; seed < 8; ++seed) {
    const Words a = scramble(seed), b = scramble(seed + 50);
    const Words ab = (Fr::fromCanonical(a) * Fr::fromCanonical(b)).toCanonical();
    const auto [value, inside] = pair(g1(a), g2(b));
    CHECK(inside);
    CHECK(value == power(base, ab));
    CHECK(value == pairPrepared(g1(a), g2(b)));
    CHECK(value == pair(g1(b), g2(a)).value);
    CHECK(pair(neg(g1(a)), g2(b)).value == conjugate(value));
  }
}

TEST(several_pairs_share_a_loop) {
  const AffineG1 p1 = g1(scramble(1)), p2 = g1(scramble(2)), p3 = g1(scramble(3));
  const AffineG2 q1 = g2(scramble(4)), q2 = g2(scramble(5)), q3 = g2(scramble(6));
  FreePair<Fq2> free[] = {freePair(q1, linePoint(p1, inv(p1.y))), freePair(q2, linePoint(p2, inv(p2.y)))};
  const PreparedG2 lines = prepareG2(q3);
  // The same point, as it comes out of a sum.
  const Fq z = fq(scramble(7)), y = p3.y * z * z * z;
  const FixedPair<Fq2> fixed{&lines, linePoint(JacobianG1{p3.x * z * z, y, z}, inv(y))};
  const Fq12 together = finalExponentiation(millerLoop<Fq2>(free, {&fixed, 1}));
  CHECK(together == pair(p1, q1).value * pair(p2, q2).value * pair(p3, q3).value);
  CHECK(inSubgroup(free[0]) && inSubgroup(free[1]));
}

TEST(many_pairs_are_as_many_pairings) {
  for (const size_t count : {1, 7, 8, 9, 16, 19}) {
    std::vector<AffineG2> points;
    std::vector<LinePoint<Fq>> at;
    Fq12 product = Fq12::one();
    for (size_t i = 0; i < count; ++i) {
      const AffineG1 p = g1(scramble(i + 1));
      points.push_back(g2(scramble(i + 500)));
      at.push_back(linePoint(p, inv(p.y)));
      product = product * pair(p, points.back()).value;
    }
    const ManyPairs many = pairMany(points, at);
    CHECK(many.inSubgroup);
    CHECK(finalExponentiation(many.product) == product);
    for (const size_t place : {size_t(0), count / 2, count - 1}) {
      std::vector<AffineG2> changed = points;
      changed[place] = pointOfTwist(place + 77);
      CHECK(!pairMany(changed, at).inSubgroup);
    }
  }
}

TEST(points_outside_the_subgroup_are_seen) {
  for (uint64_t seed = 1; seed < 60; ++seed) {
    const AffineG2 point = pointOfTwist(seed * 5000);
    CHECK(onCurve(point) && !mul(point, FrParameters::p).isInfinity());
    CHECK(!inSubgroup(point));
    CHECK(!pair(generatorG1, point).inSubgroup);
  }
}

TEST(points_of_small_order_are_seen) {
  // The cofactor is 10069 * 5864401 * 1875725156269 * c; r * c takes any point to one whose order divides the small
  // ones.
  const Words cofactor = subWords(addWords(FqParameters::p, FqParameters::p), FrParameters::p);
  const uint64_t factors[] = {10069, 5864401, 1875725156269};
  for (uint64_t seed = 1; seed < 6; ++seed) {
    const JacobianG2 killed = mul(pointOfTwist(seed * 7000), FrParameters::p);
    for (const uint64_t order : factors) {
      CHECK(divideWords(cofactor, order) != Words{} && mulSmall(divideWords(cofactor, order), order) == cofactor);
      const AffineG2 small = toAffine(mul(killed, divideWords(cofactor, order)));
      CHECK(!small.isInfinity() && mul(small, Words{order, 0, 0, 0}).isInfinity());
      CHECK(!inSubgroup(small));
      // A point of the subgroup with a little of it added.
      CHECK(!inSubgroup(toAffine(add(mul(generatorG2, scramble(seed)), small))));
    }
    CHECK(mul(killed, cofactor).isInfinity());
    CHECK(inSubgroup(toAffine(mul(pointOfTwist(seed * 7000), cofactor))));
  }
}

}  // namespace

TEST_MAIN
