// SPDX-License-Identifier: GPL-3.0-or-later
#include "keys/fixed_base.hpp"

#include "check.hpp"
#include "random.hpp"

using namespace phalanx;
using phalanx_test::random64;
using phalanx_test::randomScalar;

namespace {

Words below(const Words& a, uint64_t b) { return subWords(a, Words{b, 0, 0, 0}); }

/** Scalars at which the last addition is a doubling, or whose digits are extreme. */
std::vector<Words> edges(const OddDigits& digits) {
  const Words r = FrParameters::p;
  std::vector<Words> all{Words{}, {1, 0, 0, 0}, {2, 0, 0, 0}, {3, 0, 0, 0}, below(r, 1), below(r, 2), below(r, 3)};
  all.push_back(shiftRight(r, 1));
  all.push_back(addWords(shiftRight(r, 1), Words{1, 0, 0, 0}));
  for (unsigned w = 1; w < digits.windows(); w++) {
    const unsigned at = digits.offset(w);
    Words power{};
    power[at / 64] = uint64_t{1} << (at % 64);
    all.insert(all.end(), {power, below(power, 1), addWords(power, Words{1, 0, 0, 0}), subWords(r, power)});
  }
  // With t = r mod 2^at, or that less 2^at, the sums below the last window come to t for the scalar 2t, and the last
  // term to t - r, the same point.
  const unsigned at = digits.offset(digits.windows() - 1);
  Words mask{}, power{};
  for (unsigned i = 0; i < at; i++) mask[i / 64] |= uint64_t{1} << (i % 64);
  power[at / 64] = uint64_t{1} << (at % 64);
  Words t{};
  for (int i = 0; i < 4; i++) t[i] = r[i] & mask[i];
  all.push_back(addWords(t, t));
  const Words minusT = subWords(power, t);
  all.push_back(subWords(r, addWords(minusT, minusT)));
  for (int i = 4; i-- > 0;) all.push_back(randomScalar());
  return all;
}

/** The digits of a scalar add up to it modulo r. */
void recoding(unsigned windowBits) {
  const OddDigits digits(windowBits);
  std::vector<Words> scalars = edges(digits);
  for (int i = 0; i < 1000; i++) scalars.push_back(randomScalar());
  for (const Words& s : scalars) {
    CHECK(lessThan(s, FrParameters::p));
    const Words recoded = OddDigits::recode(s);
    Fr sum = Fr::zero();
    for (unsigned w = digits.windows(); w-- > 0;) {
      for (unsigned i = 0; i < digits.bits(w); i++) sum = dbl(sum);
      const uint32_t digit = digits.digit(recoded, w);
      const uint32_t index = digit & ~OddDigits::NEGATIVE;
      CHECK(index < digits.magnitudes(w));
      const Fr value = Fr::fromInteger(2 * uint64_t{index} + 1);
      sum = digit & OddDigits::NEGATIVE ? sum - value : sum + value;
    }
    CHECK(sum.toCanonical() == s);
  }
}

template <class F>
void products(const AffinePoint<F>& generator, unsigned windowBits, size_t count) {
  ThreadPool pool(2);
  const FixedBase<F> base(generator, windowBits, pool);
  CHECK(base.bytes() > 0);
  std::vector<Words> scalars = edges(OddDigits(windowBits));
  while (scalars.size() < count) scalars.push_back(random64() % 8 == 0 ? Words{} : randomScalar());
  scalars.resize(count);
  std::vector<AffinePoint<F>> out(count);
  typename FixedBase<F>::Workspace work;
  for (int round = 0; round < 2; round++) {  // memory is used again
    for (size_t first = 0; first < count; first += base.BATCH) {
      const size_t n = std::min(base.BATCH, count - first);
      base.multiply(std::span(scalars).subspan(first, n), out.data() + first, work);
    }
    // All of the first, where the edges are, then some.
    for (size_t i = 0; i < count; i += i < 100 ? 1 : count / 50)
      CHECK(out[i] == toAffine(mul(generator, scalars[i])));
    std::reverse(scalars.begin(), scalars.end());
  }
}

}  // namespace

int main() {
  for (const unsigned bits : {2u, 7u, 13u, 16u, 17u, 24u}) recoding(bits);
#ifdef PHALANX_SANITIZED
  constexpr size_t many = 700;
#else
  constexpr size_t many = 2 * FixedBase<Fq>::BATCH + 5;
#endif
  products(generatorG1, 7, many);
  products(generatorG1, 12, 1000);
  products(generatorG1, 8, 1);
  products(generatorG1, 8, 0);
  products(generatorG2, 7, 500);
  products(generatorG2, 11, 203);
  // Another base than the generator.
  products(toAffine(mul(generatorG1, randomScalar())), 9, 100);
}
