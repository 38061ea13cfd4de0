// SPDX-License-Identifier: GPL-3.0-or-later
#include <functional>
#include <string>

#include "../src/curve/subgroup.hpp"
#include "../src/error.hpp"
#include "../src/verify/batch_scalar.hpp"
#include "../src/verify/batch_equation.hpp"
#include "../src/verify/scale_points.hpp"
#include "../src/verify/verify.hpp"
#include "../src/verify/verify_batch.hpp"
#include "check.hpp"
#include "forged_key.hpp"

using namespace phalanx;
using namespace phalanx_test;

namespace {

const ForgedKey forged{3};
const VerifyingKey key{forged.words()};

std::vector<Words> signals(uint64_t seed) { return {{seed, 1, 2, 0}, {7, seed, seed, seed >> 8}, {0, 0, 0, 0}}; }
std::vector<Words> good(uint64_t seed) { return forged.prove(signals(seed), fr(3 + seed), fr(5 + 2 * seed)); }

/** On the twist and outside the subgroup. */
AffineG2 pointOutside() {
  for (uint64_t n = 1;; ++n) {
    const Fq2 x{Fq::fromInteger(n), Fq::one()}, a = sqr(x) * x + curveB<Fq2>;
    // q = 3 modulo 4: the root in Fq by a power, and so that in Fq2 (its real part first).
    const Words quarter = shiftRight(addWords(FqParameters::p, Words{1, 0, 0, 0}), 2);
    const Fq norm = pow(sqr(a.c0) + sqr(a.c1), quarter), half = inverseOfSmall<Fq>(2);
    for (const Fq& sign : {norm, -norm}) {
      const Fq y0 = pow((a.c0 + sign) * half, quarter);
      const AffineG2 point{x, {y0, a.c1 * half * inv(y0)}};
      if (onCurve(point) && !inSubgroup(point)) return point;
    }
  }
}

void setG1(std::vector<Words>& words, size_t at, const AffineG1& p) {
  words[at] = p.x.toCanonical();
  words[at + 1] = p.y.toCanonical();
}

void setB(std::vector<Words>& words, const AffineG2& p) {
  std::vector<Words> coordinates;
  append(coordinates, p);
  std::copy(coordinates.begin(), coordinates.end(), words.begin() + 2);
}

Words plus(const Words& a, uint64_t n) { return addWords(a, Words{n, 0, 0, 0}); }

struct Fault {
  const char* name;
  Verdict verdict;
  std::function<void(std::vector<Words> &)> corrupt;
};

const std::vector<Fault> faults{
    {"none", Verdict::valid, [](auto &) {}},
    {"another signal", Verdict::pairing, [](auto& w) { w[8] = plus(w[8], 1); }},
    {"another last signal", Verdict::pairing, [](auto& w) { w[10] = Words{1, 0, 0, 0}; }},
    {"a signal of r", Verdict::signalOutOfField, [](auto& w) { w[10] = FrParameters::p; }},
    {"a signal of 2^256 - 1", Verdict::signalOutOfField, [](auto& w) { w[9] = Words{~0ull, ~0ull, ~0ull, ~0ull}; }},
    {"a signal plus r", Verdict::signalOutOfField, [](auto& w) { w[8] = addWords(w[8], FrParameters::p); }},
    {"a coordinate plus q", Verdict::coordinateOutOfField, [](auto& w) { w[1] = addWords(w[1], FqParameters::p); }},
    {"a coordinate of B plus q", Verdict::coordinateOutOfField, [](auto& w) { w[5] = addWords(w[5], FqParameters::p); }},
    {"a coordinate of C of q", Verdict::coordinateOutOfField, [](auto& w) { w[6] = FqParameters::p; }},
    {"A off the curve", Verdict::aOffCurve, [](auto& w) { w[0] = plus(w[0], 1); }},
    {"B off the twist", Verdict::bOffCurve, [](auto& w) { w[3] = plus(w[3], 1); }},
    {"C off the curve", Verdict::cOffCurve, [](auto& w) { w[7] = plus(w[7], 1); }},
    {"A and C off the curve", Verdict::aOffCurve, [](auto& w) { w[0] = plus(w[0], 1), w[7] = plus(w[7], 1); }},
    {"B outside the subgroup", Verdict::bOutsideSubgroup, [](auto& w) { setB(w, pointOutside()); }},
    {"B outside and C off the curve", Verdict::bOutsideSubgroup,
     [](auto& w) { setB(w, pointOutside()), w[7] = plus(w[7], 1); }},
    {"B outside and A at infinity", Verdict::bOutsideSubgroup,
     [](auto& w) { setB(w, pointOutside()), setG1(w, 0, AffineG1::infinity()); }},
    {"B with a little that is outside", Verdict::bOutsideSubgroup,
     [](auto& w) {
       const AffineG2 b{{Fq::fromCanonical(w[2]), Fq::fromCanonical(w[3])}, {Fq::fromCanonical(w[4]), Fq::fromCanonical(w[5])}};
       setB(w, toAffine(add(mul(pointOutside(), FrParameters::p), b)));
     }},
    {"A at infinity", Verdict::aAtInfinity, [](auto& w) { setG1(w, 0, AffineG1::infinity()); }},
    {"B at infinity", Verdict::bAtInfinity, [](auto& w) { setB(w, AffineG2::infinity()); }},
    {"C at infinity", Verdict::cAtInfinity, [](auto& w) { setG1(w, 6, AffineG1::infinity()); }},
    {"B and C at infinity", Verdict::bAtInfinity,
     [](auto& w) { setB(w, AffineG2::infinity()), setG1(w, 6, AffineG1::infinity()); }},
    {"A negated", Verdict::pairing, [](auto& w) { w[1] = subWords(FqParameters::p, w[1]); }},
    {"A and C swapped", Verdict::pairing, [](auto& w) { std::swap(w[0], w[6]), std::swap(w[1], w[7]); }},
    {"another B", Verdict::pairing, [](auto& w) { setB(w, generatorG2); }},
};

TEST(each_fault_has_its_verdict) {
  for (const auto& [name, verdict, corrupt] : faults) {
    auto words = good(1);
    corrupt(words);
    if (verify(key, words) != verdict) phalanx_test::fail(__FILE__, __LINE__, name);
  }
}

TEST(many_proofs_have_each_its_verdict) {
  // Every fault once among good proofs, at all places of a vector in turn; then each fault alone.
  for (size_t shift = 0; shift < 9; ++shift) {
    std::vector<Words> words;
    std::vector<Verdict> expected;
    for (size_t i = 0; i < faults.size() + shift; ++i) {
      auto one = good(i);
      const bool faulty = i >= shift;
      if (faulty) faults[i - shift].corrupt(one);
      expected.push_back(faulty ? faults[i - shift].verdict : Verdict::valid);
      words.insert(words.end(), one.begin(), one.end());
    }
    for (const auto& judge : {verifyEach, verifyBatch}) {
      std::vector<Verdict> verdicts(expected.size(), Verdict::coordinateOutOfField);
      judge(key, {words, 3, verdicts});
      CHECK(verdicts == expected);
    }
  }
}

TEST(batches_of_every_size_with_one_fault_or_none) {
  for (size_t size = 0; size <= 40; size = size < 18 ? size + 1 : size + 11) {
    std::vector<Words> words;
    for (size_t i = 0; i < size; ++i) {
      const auto one = good(i % 5); // some of them twice
      words.insert(words.end(), one.begin(), one.end());
    }
    std::vector<Verdict> verdicts(size, Verdict::pairing), expected(size, Verdict::valid);
    verifyBatch(key, {words, 3, verdicts});
    CHECK(verdicts == expected);
    if (size == 0) continue;
    const size_t bad = size / 3;
    words[bad * 11 + 8] = plus(words[bad * 11 + 8], 1);
    expected[bad] = Verdict::pairing;
    verifyBatch(key, {words, 3, verdicts});
    CHECK(verdicts == expected);
    std::fill(verdicts.begin(), verdicts.end(), Verdict::aOffCurve);
    verifyEach(key, {words, 3, verdicts});
    CHECK(verdicts == expected);
  }
}

TEST(faults_that_cancel_out_are_seen_together) {
  // Each proof's C is wrong, and the two faults are opposite: their plain product would hold.
  std::vector<Words> words;
  for (const bool up : {true, false}) {
    const Fr a = fr(5), b = fr(9);
    const Fr c = (a * b - forged.alpha * forged.beta - forged.gamma * forged.claim(signals(4))) * inv(forged.delta);
    const auto one = ForgedKey::proofOf(a, b, up ? c + fr(1) : c - fr(1), signals(4));
    words.insert(words.end(), one.begin(), one.end());
  }
  std::vector<CheckedProof> proofs;
  std::vector<Verdict> verdicts(2);
  const ProofList list{words, 3, verdicts};
  for (size_t i = 0; i < 2; ++i)
    proofs.push_back({readProof(list[i]), list[i].subspan(proofCoordinates), &verdicts[i]});
  for (int i = 0; i < 20; ++i) CHECK(!batchEquationHolds(key, proofs));
}

TEST(proofs_at_infinity_that_hold_are_valid) {
  // As the EVM has it: only who knows the secrets can make them.
  const auto values = signals(2);
  const Fr rest = forged.alpha * forged.beta + forged.gamma * forged.claim(values), c = -rest * inv(forged.delta);
  CHECK(verify(key, ForgedKey::proofOf(rest, fr(1), fr(0), values)) == Verdict::valid);
  CHECK(verify(key, ForgedKey::proofOf(fr(0), fr(1), c, values)) == Verdict::valid);
  CHECK(verify(key, ForgedKey::proofOf(fr(1), fr(0), c, values)) == Verdict::valid);
  CHECK(verify(key, ForgedKey::proofOf(fr(0), fr(0), c, values)) == Verdict::valid);
  CHECK(verify(key, ForgedKey::proofOf(fr(0), fr(0), fr(0), values)) == Verdict::aAtInfinity);
}

TEST(claims_at_infinity_are_judged) {
  // The signal that makes the claim zero.
  const Fr zero = -forged.ic(0) * inv(forged.ic(1));
  const std::vector<Words> values{zero.toCanonical(), {}, {}};
  CHECK(forged.claim(values).isZero());
  auto words = forged.prove(values, fr(3), fr(4));
  const auto other = good(1);
  words.insert(words.end(), other.begin(), other.end());
  for (const auto& judge : {verifyEach, verifyBatch}) {
    std::vector<Verdict> verdicts(2, Verdict::pairing);
    judge(key, {words, 3, verdicts});
    CHECK(verdicts[0] == Verdict::valid && verdicts[1] == Verdict::valid);
  }
  words[0 + 6] = words[11 + 6], words[0 + 7] = words[11 + 7];
  CHECK(verify(key, std::span(words).first(11)) == Verdict::pairing);
}

TEST(keys_with_faults_are_refused) {
  const auto with = [](auto change) {
    auto words = forged.words();
    change(words);
    return words;
  };
  const auto refused = [](const std::vector<Words>& words) {
    try {
      const VerifyingKey broken(words);
      return false;
    } catch (const CodedError& error) {
      return error.code() == std::string("KEY_REFUSED");
    }
  };
  CHECK(!refused(forged.words()));
  for (size_t i = 0; i < forged.words().size(); ++i) {
    CHECK(refused(with([&](auto& w) { w[i] = plus(w[i], 1); })));
    CHECK(refused(with([&](auto& w) { w[i] = addWords(w[i], FqParameters::p); })));
  }
  CHECK(refused(with([](auto& w) { w[0] = w[1] = Words{}; })));
  CHECK(refused(with([](auto& w) { w[14] = w[15] = Words{}; })));
  CHECK(refused(with([](auto& w) { w.pop_back(); })));
  CHECK(refused(with([](auto& w) { w.resize(14); })));
  for (const size_t at : {2, 6, 10}) {
    CHECK(refused(with([&](auto& w) { std::fill(w.begin() + at, w.begin() + at + 4, Words{}); })));
    std::vector<Words> outside;
    append(outside, pointOutside());
    CHECK(refused(with([&](auto& w) { std::copy(outside.begin(), outside.end(), w.begin() + at); })));
  }
}

TEST(a_key_without_signals_works) {
  const ForgedKey none{0};
  const VerifyingKey small(none.words());
  CHECK(verify(small, none.prove({}, fr(3), fr(4))) == Verdict::valid);
  CHECK(verify(small, ForgedKey::proofOf(fr(3), fr(4), fr(5), {})) == Verdict::pairing);
}

TEST(fixed_points_multiply) {
  const AffineG1 base = g1(fr(77));
  const FixedPoint fixed(base);
  const Words largest = subWords(FrParameters::p, Words{1, 0, 0, 0});
  std::vector<Words> scalars{{}, {1, 0, 0, 0}, {63, 0, 0, 0}, {64, 0, 0, 0}, {65, 0, 0, 0}, {127, 0, 0, 0}, largest};
  for (uint64_t i = 1; i < 40; ++i) scalars.push_back((fr(i) * inv(fr(3 * i + 1))).toCanonical());
  for (const Words& scalar : scalars) {
    CHECK(fixed.addProduct(JacobianG1::infinity(), scalar) == mul(base, scalar));
    CHECK(fixed.addProduct(JacobianG1::from(base), scalar) == add(mul(base, scalar), base));
  }
}

TEST(batch_scalars_multiply) {
  std::vector<BatchScalar> scalars;
  std::vector<AffineG1> points;
  for (uint64_t i = 0; i < 21; ++i) {
    const uint64_t low = i == 0 ? 0 : i == 1 ? ~0ull : i * 0x9e3779b97f4a7c15, high = i < 2 ? low : low * low;
    const BatchScalar scalar({low, high});
    CHECK(scalar.number() == Words({low << 1 | 1, high << 1 | low >> 63, high >> 63, 0}));
    Fr sum = Fr::zero();
    for (size_t d = BatchScalar::digits; d-- > 0;) {
      const int digit = scalar.form()[d];
      CHECK(digit % 2 != 0 && digit > -16 && digit < 16);
      sum = sum * fr(16) + (digit > 0 ? fr(digit) : -fr(-digit));
    }
    CHECK(scalar.form()[BatchScalar::digits - 1] > 0);
    CHECK(sum.toCanonical() == scalar.number());
    scalars.push_back(scalar);
    points.push_back(g1(fr(i + 1)));
  }
  const auto products = scalePoints(points, scalars);
  CHECK(products.size() == points.size());
  for (size_t i = 0; i < points.size(); ++i) CHECK(products[i] == mul(points[i], scalars[i].number()));
}

}  // namespace

TEST_MAIN
