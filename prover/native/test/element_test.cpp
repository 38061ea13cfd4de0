// SPDX-License-Identifier: GPL-3.0-or-later
#include "field/element.hpp"

#include <algorithm>
#include <random>
#include <string_view>
#include <vector>

#include "check.hpp"
#include "field/fq2.hpp"

using namespace phalanx;

namespace {

#ifdef PHALANX_SANITIZED
constexpr int RANDOM_PAIRS = 2'000;
#else
constexpr int RANDOM_PAIRS = 100'000;
#endif

/** A number of 32-bit digits, least significant first: an arithmetic that shares nothing with the engine's. */
struct Big {
  uint32_t digits[9]{};

  static Big fromDecimal(std::string_view text) {
    Big n;
    for (const char c : text) {
      uint64_t carry = uint64_t(c - '0');
      for (uint32_t& digit : n.digits) {
        carry += uint64_t(digit) * 10;
        digit = uint32_t(carry);
        carry >>= 32;
      }
    }
    return n;
  }
  static Big from(const Words& words) {
    Big n;
    for (int i = 0; i < 4; ++i) {
      n.digits[2 * i] = uint32_t(words[i]);
      n.digits[2 * i + 1] = uint32_t(words[i] >> 32);
    }
    return n;
  }
  Words words() const {
    CHECK(digits[8] == 0);
    Words w{};
    for (int i = 0; i < 4; ++i) w[i] = digits[2 * i] | uint64_t(digits[2 * i + 1]) << 32;
    return w;
  }
  bool bit(int i) const { return digits[i / 32] >> (i % 32) & 1; }
  bool below(const Big& other) const {
    return std::lexicographical_compare(std::rbegin(digits), std::rend(digits), std::rbegin(other.digits),
                                        std::rend(other.digits));
  }
  Big plus(const Big& other) const {
    Big sum;
    uint64_t carry = 0;
    for (int i = 0; i < 9; ++i) {
      carry += uint64_t(digits[i]) + other.digits[i];
      sum.digits[i] = uint32_t(carry);
      carry >>= 32;
    }
    return sum;
  }
  Big minus(const Big& other) const {
    Big difference;
    int64_t borrow = 0;
    for (int i = 0; i < 9; ++i) {
      borrow += int64_t(digits[i]) - other.digits[i];
      difference.digits[i] = uint32_t(borrow);
      borrow >>= 32;
    }
    return difference;
  }
};

Big sumModulo(const Big& a, const Big& b, const Big& p) {
  const Big sum = a.plus(b);
  return sum.below(p) ? sum : sum.minus(p);
}

/** a * b mod p, bit by bit; any a and b below 2^256. */
Big productModulo(const Big& a, const Big& b, const Big& p) {
  Big product, reducedB;
  for (int i = 255; i >= 0; --i) {
    reducedB = sumModulo(reducedB, reducedB, p);
    if (b.bit(i)) reducedB = sumModulo(reducedB, Big::from(Words{1, 0, 0, 0}), p);
  }
  for (int i = 255; i >= 0; --i) {
    product = sumModulo(product, product, p);
    if (a.bit(i)) product = sumModulo(product, reducedB, p);
  }
  return product;
}

template <class F>
struct FieldTest {
  Big p;
  std::mt19937_64 random{42};

  /** Words that are extreme more often than chance has it. */
  Words randomWords() {
    Words w;
    for (uint64_t& word : w) {
      const uint64_t choice = random() % 16;
      word = choice == 0 ? 0 : choice == 1 ? ~uint64_t{0} : choice == 2 ? random() % 4 : random();
    }
    return w;
  }
  Words randomCanonical() {
    Words w = randomWords();
    w[3] >>= 2;
    return Big::from(w).below(p) ? w : randomCanonical();
  }

  void checkPair(const Words& x, const Words& y) {
    const F a = F::fromCanonical(x), b = F::fromCanonical(y);
    const Big bigA = Big::from(x), bigB = Big::from(y);
    CHECK(a.isCanonical() && b.isCanonical());
    CHECK(a.toCanonical() == x);
    CHECK((a == b) == (x == y));
    CHECK((a + b).toCanonical() == sumModulo(bigA, bigB, p).words());
    CHECK((a - b).toCanonical() == (bigA.below(bigB) ? bigA.plus(p).minus(bigB) : bigA.minus(bigB)).words());
    CHECK(a * b == mulPortable(a, b));
    CHECK((a * b).toCanonical() == productModulo(bigA, bigB, p).words());
    CHECK(sqr(a) == mulPortable(a, a));
    CHECK(dbl(a) == a + a && neg(a) == F::zero() - a && (-a + a).isZero());
    // Words as they stand, not taken to Montgomery form first, reach extremes of the representation.
    const F rawA = F::fromWords(x), rawB = F::fromWords(y);
    CHECK(rawA * rawB == mulPortable(rawA, rawB) && sqr(rawA) == mulPortable(rawA, rawA));
    CHECK((rawA * rawB).isCanonical() && (rawA + rawB).isCanonical() && (rawA - rawB).isCanonical());
    CHECK(rawA + rawB == addPortable(rawA, rawB) && rawA - rawB == subPortable(rawA, rawB));
    F own = rawA;  // results may overwrite operands
    own = own * own;
    CHECK(own == sqr(rawA));
  }

  void checkEdges() {
    const Big one = Big::from(Words{1, 0, 0, 0}), two = Big::from(Words{2, 0, 0, 0});
    std::vector<Words> edges{{0, 0, 0, 0}};
    for (int i = 0; i < 254; i += i % 64 < 3 || i % 64 > 60 ? 1 : 29) {
      Words power{};
      power[i / 64] = uint64_t{1} << (i % 64);
      if (!Big::from(power).below(p)) continue;
      edges.push_back(power);
      edges.push_back(p.minus(Big::from(power)).words());
      edges.push_back(Big::from(power).minus(one).words());
    }
    for (const Words& a : edges) {
      for (const Words& b : edges) checkPair(a, b);
      const F raw = F::fromWords(a);
      CHECK(raw * inv(raw) == (raw.isZero() ? F::zero() : F::one()) && inv(raw) == pow(raw, p.minus(two).words()));
    }
    CHECK(F::one().toCanonical() == (Words{1, 0, 0, 0}));
    CHECK(!F::fromWords(p.words()).isCanonical() && !F::fromWords({~0ull, ~0ull, ~0ull, ~0ull}).isCanonical());
    CHECK(F::fromWords(p.minus(one).words()).isCanonical());
  }

  /** Numbers up to 2^256 - 1 are reduced on their way in. */
  void checkReductionOnEntry() {
    const Big one = Big::from(Words{1, 0, 0, 0});
    std::vector<Words> numbers{p.words(), {~0ull, ~0ull, ~0ull, ~0ull}};
    for (int i = 0; i < 1000; ++i) numbers.push_back(randomWords());
    for (const Words& n : numbers) {
      const F a = F::fromCanonical(n);
      CHECK(a.isCanonical());
      CHECK(a.toCanonical() == productModulo(Big::from(n), one, p).words());
    }
  }

  void checkInversion() {
    CHECK(inv(F::zero()).isZero() && inv(F::one()) == F::one());
    std::vector<F> all, inverses;
    for (int i = 0; i < RANDOM_PAIRS / 100; ++i) {
      const F a = i % 7 == 3 ? F::zero() : F::fromCanonical(randomCanonical());
      CHECK(a * inv(a) == (a.isZero() ? F::zero() : F::one()));
      all.push_back(a);
      inverses.push_back(inv(a));
    }
    for (uint64_t n = 1; n < 200; ++n) CHECK(inverseOfSmall<F>(n) * F::fromInteger(n) == F::one());
    std::vector<F> batch = all;
    invertBatch(std::span(batch));
    CHECK(batch == inverses);
    invertBatch(std::span<F>());
  }

  void checkPowers() {
    const F a = F::fromCanonical(randomCanonical());
    CHECK(pow(a, Words{}) == F::one() && pow(a, Words{5, 0, 0, 0}) == sqr(sqr(a)) * a);
    CHECK(pow(a, p.words()) == a);  // Fermat
  }

  void run() {
    CHECK(F::Parameters::p == p.words());
    checkEdges();
    for (int i = 0; i < RANDOM_PAIRS; ++i) checkPair(randomCanonical(), randomCanonical());
    checkReductionOnEntry();
    checkInversion();
    checkPowers();
  }
};

void checkExtension() {
  FieldTest<Fq> field{Big::from(FqParameters::p)};
  // All coefficients from a few extremes, then at random, against the product written out.
  const Words top = subWords(FqParameters::p, Words{1, 0, 0, 0});
  std::vector<Fq> extremes{Fq::zero(), Fq::one(), Fq::fromWords({1, 0, 0, 0}), Fq::fromWords(top)};
  for (int i = 0; i < RANDOM_PAIRS / 10; ++i) {
    const auto pick = [&] {
      return field.random() % 2 ? extremes[field.random() % 4] : Fq::fromWords(field.randomCanonical());
    };
    const Fq2 a{pick(), pick()}, b{pick(), pick()};
    const Fq2 product{a.c0 * b.c0 - a.c1 * b.c1, a.c0 * b.c1 + a.c1 * b.c0};
    CHECK(a * b == product && (a * b).isCanonical());
    CHECK(sqr(a) == a * a && dbl(a) == a + a && (a - b) + b == a && (a + -a).isZero());
    if (i % 16 == 0 && !a.isZero()) CHECK(a * inv(a) == Fq2::one());
    CHECK(mul(a, b.c0) == a * Fq2{b.c0, Fq::zero()});
  }
  CHECK(pow(Fq2::xi(), FqParameters::p) == conjugate(Fq2::xi()));
  CHECK(inv(Fq2::zero()).isZero());
}

}  // namespace

int main() {
  FieldTest<Fq>{Big::fromDecimal("21888242871839275222246405745257275088696311157297823662689037894645226208583")}.run();
  FieldTest<Fr>{Big::fromDecimal("21888242871839275222246405745257275088548364400416034343698204186575808495617")}.run();
  checkExtension();
}
