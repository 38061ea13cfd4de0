// SPDX-License-Identifier: GPL-3.0-or-later
// Several field elements at once, against one at a time, with values at the ends of their bounds.
#include "field/lanes.hpp"

#include <random>
#include <vector>

#include "check.hpp"
#include "field/lanes_fq2.hpp"
#include "field/lanes_invert.hpp"

using namespace phalanx;

namespace {

std::mt19937_64 random64{5};

constexpr size_t WIDTH = Lanes<FqParameters>::width;

template <class P>
Element<P> randomElement() {
  return Element<P>::fromCanonical(Words{random64(), random64(), random64(), random64()});
}

/** Random elements, with the ends of the range among them. */
template <class P>
std::vector<Element<P>> someElements(size_t count) {
  std::vector<Element<P>> elements(count);
  for (auto& e : elements) {
    switch (random64() % 8) {
      case 0: e = Element<P>::zero(); break;
      case 1: e = Element<P>::one(); break;
      case 2: e = -Element<P>::one(); break;
      case 3: e = Element<P>::fromWords(subWords(P::p, Words{1 + random64() % 3, 0, 0, 0})); break;
      case 4: e = Element<P>::fromWords(Words{random64() % 3, 0, 0, 0}); break;
      default: e = randomElement<P>();
    }
  }
  return elements;
}

/** The same elements, with K*p added: as large as the bounds allow. */
template <int K, class P>
Lanes<P> raised(const Element<P>* elements) {
  return carry(addRaw(reduceFully(fromElements(elements)), Lanes<P>::template multipleOfModulus<K>()));
}

template <class P>
bool equal(const Lanes<P>& lanes, const std::vector<Element<P>>& expected) {
  Element<P> got[WIDTH];
  toElements(got, lanes);
  for (size_t l = 0; l < WIDTH; l++)
    if (!(got[l] == expected[l]) || !got[l].isCanonical()) return false;
  return true;
}

template <class P, class F>
std::vector<Element<P>> map(const std::vector<Element<P>>& a, const std::vector<Element<P>>& b, const F& f) {
  std::vector<Element<P>> r(a.size());
  for (size_t i = 0; i < a.size(); i++) r[i] = f(a[i], b[i]);
  return r;
}

template <int A, int B, class P>
void productsAtBounds(const std::vector<Element<P>>& a, const std::vector<Element<P>>& b) {
  // Operands in [A, A + 1) and [B, B + 1): their bounds must multiply to at most 84.
  const Lanes<P> x = raised<A>(a.data()), y = raised<B>(b.data());
  const auto product = map(a, b, [](const auto& s, const auto& t) { return s * t; });
  const Lanes<P> one = mul(x, y);
  CHECK(equal(one, product));
  // Below 2, as promised: so subtracting from 2p leaves something positive, which reduces.
  CHECK(equal(reduce(subRaw<2>(Lanes<P>::zero(), one)), map(a, b, [](const auto& s, const auto& t) { return -(s * t); })));
  Lanes<P> four[4] = {x, y, x, y};
  const Lanes<P> other[4] = {y, x, x, y};
  int calls = 0;
  mulN<4>(four, four, other, [&](int step) { CHECK(step == calls++); });
  CHECK(calls == 4);
  CHECK(equal(four[0], product) && equal(four[1], product));
  CHECK(equal(four[2], map(a, a, [](const auto& s, const auto& t) { return s * t; })));
  CHECK(equal(four[3], map(b, b, [](const auto& s, const auto& t) { return s * t; })));
  Lanes<P> raw[2] = {x, y};
  mulN<2, true>(raw, raw, other);
  CHECK(equal(carry(raw[0]), product) && equal(reduce(raw[1]), product));
}

template <int A, class P>
void squaresAtBounds(const std::vector<Element<P>>& a) {
  const Lanes<P> x = raised<A>(a.data());
  const auto square = map(a, a, [](const auto& s, const auto& t) { return s * t; });
  CHECK(equal(sqr(x), square));
  Lanes<P> four[4] = {x, x, x, x};
  sqrN<4, true>(four, four);
  for (const auto& raw : four) CHECK(equal(carry(raw), square));
}

template <int K, class P>
void sumsAtBounds(const std::vector<Element<P>>& a, const std::vector<Element<P>>& b) {
  const auto sum = map(a, b, [](const auto& s, const auto& t) { return s + t; });
  const auto difference = map(a, b, [](const auto& s, const auto& t) { return s - t; });
  const Lanes<P> x = raised<K>(a.data()), y = raised<0>(b.data());
  CHECK(equal(add(x, y), sum));
  CHECK(equal(sub<1>(x, y), difference));
  CHECK(equal(sub<K + 1>(y, x), map(a, b, [](const auto& s, const auto& t) { return t - s; })));
  // What reduce() leaves is below 1.06: twice that still fits under 3p.
  const Lanes<P> reduced = reduce(subRaw<1>(x, y));
  CHECK(equal(reduced, difference));
  CHECK(equal(reduce(subRaw<3>(Lanes<P>::zero(), addRaw(reduced, reduced))),
              map(difference, difference, [](const auto& s, const auto& t) { return -(s + t); })));
}

template <class P>
void fieldAgrees() {
  for (int round = 0; round < 300; round++) {
    const auto a = someElements<P>(WIDTH), b = someElements<P>(WIDTH);
    CHECK(equal(fromElements(a.data()), a));
    productsAtBounds<0, 0>(a, b);
    productsAtBounds<1, 1>(a, b);
    productsAtBounds<6, 6>(a, b);
    productsAtBounds<7, 6>(a, b);
    squaresAtBounds<0>(a);
    squaresAtBounds<7>(a);
    sumsAtBounds<0>(a, b);
    sumsAtBounds<1>(a, b);
    sumsAtBounds<5>(a, b);
    sumsAtBounds<6>(a, b);
    const LaneMask mask = static_cast<LaneMask>(random64()) & Lanes<P>::allLanes;
    auto chosen = a, negated = a;
    for (size_t l = 0; l < WIDTH; l++) {
      if (!(mask >> l & 1)) chosen[l] = b[l];
      if (mask >> l & 1) negated[l] = -a[l];
    }
    CHECK(equal(select(mask, raised<0>(a.data()), raised<3>(b.data())), chosen));
    CHECK(equal(carry(negateRaw<2>(mask, raised<1>(a.data()))), negated));
    Lanes<P> copied = Lanes<P>::zero();
    copy(copied, raised<0>(a.data()));
    CHECK(equal(copied, a));
  }
}

template <class P>
void zerosAreFound() {
  for (int round = 0; round < 100; round++) {
    const auto a = someElements<P>(WIDTH);
    LaneMask expected = 0;
    for (size_t l = 0; l < WIDTH; l++) expected |= static_cast<LaneMask>(a[l].isZero() << l);
    CHECK(isZero(raised<0>(a.data())) == expected && isZero(raised<1>(a.data())) == expected);
    CHECK(isZero(raised<4>(a.data())) == expected && isZero(raised<7>(a.data())) == expected);
    CHECK(isPackedZero(raised<0>(a.data())) == expected);
  }
}

template <class P>
void memoryForms() {
  for (int round = 0; round < 100; round++) {
    const auto a = someElements<P>(WIDTH * WIDTH);
    std::vector<Words> canonical(WIDTH), back(WIDTH);
    for (size_t l = 0; l < WIDTH; l++) canonical[l] = a[l].toCanonical();
    const std::vector<Element<P>> first(a.begin(), a.begin() + WIDTH);
    CHECK(equal(fromCanonical<P>(canonical.data()), first));
    toCanonical(back.data(), raised<4>(a.data()));
    CHECK(back == canonical);

    alignas(64) uint64_t words[4 * WIDTH];
    storePacked(words, raised<3>(a.data()));
    CHECK(equal(loadPacked<P>(words), first));
    const uint64_t* address[WIDTH];
    auto reversed = first;
    for (size_t l = 0; l < WIDTH; l++) {
      address[l] = words + 4 * (WIDTH - 1 - l);
      reversed[l] = first[WIDTH - 1 - l];
    }
    CHECK(equal(gatherPacked<P>(address), reversed));

    Lanes<P> square[WIDTH];
    for (size_t v = 0; v < WIDTH; v++) square[v] = raised<0>(a.data() + v * WIDTH);
    transposeLanes(square);
    for (size_t v = 0; v < WIDTH; v++)
      for (size_t l = 0; l < WIDTH; l++) CHECK(elementAt(square[v], l) == a[l * WIDTH + v]);

    const Lanes<P> same = Lanes<P>::broadcast(laneConstant(a[0]));
    for (size_t l = 0; l < WIDTH; l++) CHECK(elementAt(same, l) == a[0]);
  }
  CHECK(elementAt(Lanes<P>::one(), WIDTH - 1) == Element<P>::one() && elementAt(Lanes<P>::zero(), 0).isZero());
}

template <class P>
void inverses() {
  for (int round = 0; round < 50; round++) {
    const auto a = someElements<P>(WIDTH);
    auto expected = a;
    invertBatch(std::span<Element<P>>(expected));
    CHECK(equal(inverse(raised<0>(a.data())), expected) && equal(inverse(raised<7>(a.data())), expected));
  }
}

/** An element of Fq2 whose coordinates are up to K*p too large. */
template <int K>
LanesFq2 raised2(const std::vector<Fq>& c0, const std::vector<Fq>& c1) {
  return {raised<K>(c0.data()), raised<K>(c1.data())};
}

bool equal2(const LanesFq2& lanes, const std::vector<Fq2>& expected) {
  Fq c0[WIDTH], c1[WIDTH];
  toElements(c0, lanes.c0);
  toElements(c1, lanes.c1);
  for (size_t l = 0; l < WIDTH; l++)
    if (!(Fq2{c0[l], c1[l]} == expected[l])) return false;
  return true;
}

template <int A, int B>
void products2(const std::vector<Fq>* a, const std::vector<Fq>* b) {
  std::vector<Fq2> product(WIDTH), squareB(WIDTH);
  for (size_t l = 0; l < WIDTH; l++) {
    product[l] = Fq2{a[0][l], a[1][l]} * Fq2{b[0][l], b[1][l]};
    squareB[l] = sqr(Fq2{b[0][l], b[1][l]});
  }
  const LanesFq2 x = raised2<A>(a[0], a[1]), y = raised2<B>(b[0], b[1]);
  CHECK(equal2(mul(x, y), product));
  LanesFq2 four[4] = {x, y, x, y};
  const LanesFq2 other[4] = {y, x, y, y};
  mulN<4>(four, four, other);
  CHECK(equal2(four[0], product) && equal2(four[1], product) && equal2(four[2], product) && equal2(four[3], squareB));
  LanesFq2 raw[2] = {x, y};
  mulN<2, true>(raw, raw, other);
  CHECK(equal2(reduce(raw[0]), product) && equal2(carry(raw[1]), product));
}

}  // namespace

TEST(field_agrees) {
  fieldAgrees<FqParameters>();
  fieldAgrees<FrParameters>();
}

TEST(zeros_are_found) {
  zerosAreFound<FqParameters>();
  zerosAreFound<FrParameters>();
}

TEST(memory_forms) {
  memoryForms<FqParameters>();
  memoryForms<FrParameters>();
}

TEST(inverses) {
  inverses<FqParameters>();
  inverses<FrParameters>();
}

TEST(fq2_agrees) {
  for (int round = 0; round < 300; round++) {
    const std::vector<Fq> a[2] = {someElements<FqParameters>(WIDTH), someElements<FqParameters>(WIDTH)};
    const std::vector<Fq> b[2] = {someElements<FqParameters>(WIDTH), someElements<FqParameters>(WIDTH)};
    products2<0, 0>(a, b);
    products2<3, 1>(a, b);
    products2<5, 5>(a, b);
    std::vector<Fq2> square(WIDTH), reciprocal(WIDTH);
    for (size_t l = 0; l < WIDTH; l++) {
      square[l] = sqr(Fq2{a[0][l], a[1][l]});
      reciprocal[l] = inv(Fq2{a[0][l], a[1][l]});
    }
    CHECK(equal2(sqr(raised2<0>(a[0], a[1])), square) && equal2(sqr(raised2<1>(a[0], a[1])), square));
    LanesFq2 four[4];
    for (auto& f : four) f = raised2<1>(a[0], a[1]);
    sqrN<4>(four, four);
    for (const auto& f : four) CHECK(equal2(f, square));
    CHECK(equal2(inverse(raised2<1>(a[0], a[1])), reciprocal));
  }
}

TEST_MAIN
