// SPDX-License-Identifier: GPL-3.0-or-later
// The quotient against its definition at small sizes, and against a textbook transform at larger ones.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>
#include <stdexcept>
#include <vector>

#include "../src/ntt/quotient.hpp"
#include "../src/ntt/roots.hpp"
#include "../src/ntt/value_table.hpp"
#include "check.hpp"

using namespace phalanx;

namespace {

using Plain = std::array<uint64_t, 4>;

std::mt19937_64 generator(20);

Plain randomPlain() {
  // Also the smallest and the largest numbers, which random ones never are.
  switch (generator() % 16) {
    case 0:
      return Plain{};
    case 1:
      return Plain{1, 0, 0, 0};
    case 2:
      return subWords(FrParameters::p, Words{1, 0, 0, 0});
    default: {
      Plain number{generator(), generator(), generator(), generator() >> 2};
      while (!lessThan(number, FrParameters::p)) number = subWords(number, FrParameters::p);
      return number;
    }
  }
}

struct Circuit {
  unsigned logDomain;
  size_t wires;
  std::vector<Coefficient> coefficients;
};

/** A coefficient as a .zkey has it. */
Fr stored(const Plain& value) { return Fr::fromWords(mul(Fr::fromCanonical(value), Fr::fromWords(FrParameters::r2)).words()); }

/** @param longest the length of one row; of the others most have 1 to 6 coefficients, and a third none */
Circuit randomCircuit(unsigned logDomain, size_t wires, size_t longest) {
  Circuit circuit{logDomain, wires, {}};
  std::vector<Plain> few(10);
  for (Plain& value : few) value = randomPlain();
  const size_t rows = size_t{1} << logDomain;
  for (uint32_t row = 0; row < rows; row++)
    for (uint32_t matrix = 0; matrix < 2; matrix++) {
      size_t length = generator() % 3 ? 1 + generator() % 6 : 0;
      if (row == rows / 2) length = longest;
      for (size_t i = 0; i < length; i++) {
        const Plain value = generator() % 4 ? few[generator() % few.size()] : randomPlain();
        circuit.coefficients.push_back({matrix, row, static_cast<uint32_t>(generator() % wires), stored(value)});
      }
    }
  std::shuffle(circuit.coefficients.begin(), circuit.coefficients.end(), generator);
  return circuit;
}

/** The rows' products with a witness: A, B and their product C, by definition. */
std::array<std::vector<Fr>, 3> sides(const Circuit& circuit, const std::vector<Plain>& witness) {
  std::array<std::vector<Fr>, 3> values;
  for (auto& side : values) side.assign(size_t{1} << circuit.logDomain, Fr::zero());
  for (const Coefficient& c : circuit.coefficients) {
    const Fr value = mul(c.value, Fr{{1, 0, 0, 0}});
    values[c.matrix][c.row] = values[c.matrix][c.row] + value * Fr::fromCanonical(witness[c.wire]);
  }
  for (size_t i = 0; i < values[2].size(); i++) values[2][i] = values[0][i] * values[1][i];
  return values;
}

/** Coefficients of the polynomial with these values, and its values on the coset, each sum written out. */
std::vector<Fr> onCosetByDefinition(const std::vector<Fr>& values, unsigned log) {
  const size_t size = values.size();
  const Fr root = rootOfUnity(log), inverse = inv(root), scale = inv(Fr::fromInteger(size));
  std::vector<Fr> coefficients(size), result(size);
  for (size_t k = 0; k < size; k++) {
    Fr sum = Fr::zero(), power = Fr::one();
    const Fr step = pow(inverse, Words{k, 0, 0, 0});
    for (size_t j = 0; j < size; j++, power = power * step) sum = sum + values[j] * power;
    coefficients[k] = sum * scale;
  }
  Fr point = rootOfUnity(log + 1);
  for (size_t m = 0; m < size; m++, point = point * root) {
    Fr sum = Fr::zero();
    for (size_t k = size; k-- > 0;) sum = sum * point + coefficients[k];
    result[m] = sum;
  }
  return result;
}

/** The textbook's recursion, on elements. */
std::vector<Fr> transform(const std::vector<Fr>& values, Fr root) {
  if (values.size() == 1) return values;
  std::vector<Fr> half[2], result(values.size());
  for (size_t i = 0; i < values.size(); i++) half[i % 2].push_back(values[i]);
  for (auto& h : half) h = transform(h, root * root);
  Fr power = Fr::one();
  for (size_t i = 0; i < values.size() / 2; i++, power = power * root) {
    result[i] = half[0][i] + power * half[1][i];
    result[i + values.size() / 2] = half[0][i] - power * half[1][i];
  }
  return result;
}

std::vector<Fr> onCosetByTransforms(const std::vector<Fr>& values, unsigned log) {
  std::vector<Fr> coefficients = transform(values, inv(rootOfUnity(log)));
  Fr power = inv(Fr::fromInteger(values.size()));
  for (Fr& c : coefficients) {
    c = c * power;
    power = power * rootOfUnity(log + 1);
  }
  return transform(coefficients, rootOfUnity(log));
}

template <class OnCoset>
void compare(const Circuit& circuit, ThreadPool& pool, OnCoset&& onCoset) {
  Quotient quotient(circuit.coefficients, circuit.logDomain, circuit.wires, pool);
  CHECK(quotient.bytes() > 0);
  for (int round = 0; round < 2; round++) {
    std::vector<Plain> witness(circuit.wires), out(size_t{1} << circuit.logDomain, Plain{7, 7, 7, 7});
    for (Plain& value : witness) value = randomPlain();
    quotient.evaluate(witness, out, pool, CancelToken());
    std::array<std::vector<Fr>, 3> expected = sides(circuit, witness);
    for (auto& side : expected) side = onCoset(side, circuit.logDomain);
    for (size_t i = 0; i < out.size(); i++)
      CHECK(out[i] == (expected[0][i] * expected[1][i] - expected[2][i]).toCanonical());
  }
}

void roots() {
  CHECK(rootOfUnity(0) == Fr::one());
  CHECK(rootOfUnity(1) == neg(Fr::one()));
  for (unsigned log = 1; log <= MAX_LOG_ROOT; log++) CHECK(sqr(rootOfUnity(log)) == rootOfUnity(log - 1));
  CHECK(reverseBits(6, 4) == 6 && reverseBits(1, 5) == 16 && reverseBits(0, 0) == 0);
}

void valueTable() {
  ValueTable table;
  CHECK(table.number(Fr::zero()) == 0);
  for (uint32_t round = 0; round < 2; round++)
    for (uint32_t i = 1; i < 1000; i++) CHECK(table.number(Fr::fromInteger(i)) == i);
  CHECK(table.values().size() == 1000 && table.values()[999] == Fr::fromInteger(999));
}

/** Processor time to number all these values. */
double timeToNumber(const std::vector<Fr>& values) {
  const std::clock_t start = std::clock();
  ValueTable table;
  for (const Fr& value : values) table.number(value);
  CHECK(table.values().size() == values.size() + 1);
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/** Values that share 40 bits of a plain multiplicative hash take no longer than others: each table has its own hash. */
void chosenValues() {
  constexpr size_t COUNT = 50'000;
  constexpr uint64_t FACTOR = 0x9e3779b97f4a7c15;
  uint64_t reciprocal = 1;
  for (int i = 0; i < 6; i++) reciprocal *= 2 - FACTOR * reciprocal;
  const auto mix = [](uint64_t hash) { return hash ^ hash >> 32; };
  std::vector<Fr> chosen, random;
  while (chosen.size() < COUNT) {
    Words words{generator(), generator(), generator(), 0};
    uint64_t hash = 0;
    for (size_t i = 0; i < 3; i++) hash = mix((hash ^ words[i]) * FACTOR);
    // The last word that takes the hash to 24 random bits with zeros below.
    words[3] = mix(generator() << 40) * reciprocal ^ hash;
    if (lessThan(words, FrParameters::p)) chosen.push_back(Fr::fromWords(words));
  }
  while (random.size() < COUNT) {
    const Words words{generator(), generator(), generator(), generator() >> 3};
    if (lessThan(words, FrParameters::p)) random.push_back(Fr::fromWords(words));
  }
  CHECK(timeToNumber(chosen) < 0.1 + 20 * timeToNumber(random));
}

template <class Run>
bool refuses(Run&& run) {
  try {
    run();
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

void refusals(unsigned log) {
  ThreadPool pool(2);
  const Circuit good = randomCircuit(log, 5, 3);
  for (const Coefficient& bad : {Coefficient{2, 0, 0, Fr::one()}, Coefficient{0, 1u << log, 0, Fr::one()},
                                 Coefficient{1, 0, 5, Fr::one()}, Coefficient{1, UINT32_MAX, 0, Fr::one()}}) {
    Circuit circuit = good;
    circuit.coefficients.push_back(bad);
    CHECK(refuses([&] { Quotient(circuit.coefficients, log, 5, pool); }));
  }
  CHECK(refuses([&] { Quotient(good.coefficients, Quotient::MAX_LOG_DOMAIN + 1, 5, pool); }));
  Quotient quotient(good.coefficients, log, 5, pool);
  std::vector<Plain> witness(5), out(size_t{1} << log), wrong(3);
  CHECK(refuses([&] { quotient.evaluate(wrong, out, pool, CancelToken()); }));
  CHECK(refuses([&] { quotient.evaluate(witness, wrong, pool, CancelToken()); }));
  CancelToken cancelled;
  cancelled.cancel();
  bool stopped = false;
  try {
    quotient.evaluate(witness, out, pool, cancelled);
  } catch (const Cancelled&) {
    stopped = true;
  }
  CHECK(stopped);
  quotient.evaluate(witness, out, pool, CancelToken());
}

}  // namespace

int main() {
  roots();
  valueTable();
  chosenValues();
  ThreadPool one(1), several(3);
  for (unsigned log = 0; log <= 9; log++) {
    // Fewer rows than lanes, a single wire, rows that are cut into pieces.
    compare(randomCircuit(log, 1, 1), one, onCosetByDefinition);
    compare(randomCircuit(log, 3 + (size_t{1} << log), 64), several, onCosetByDefinition);
    compare(randomCircuit(log, 40, 201), several, onCosetByDefinition);
  }
  compare(Circuit{6, 1, {}}, one, onCosetByDefinition);
#if defined(PHALANX_SANITIZED)
  const unsigned largest = 12;
#else
  const unsigned largest = 16;
#endif
  for (unsigned log = 6; log <= largest; log++) compare(randomCircuit(log, 1000, 1000), several, onCosetByTransforms);
  refusals(3);
  refusals(8);
  std::puts("ok ntt");
}
