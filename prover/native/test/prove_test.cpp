// SPDX-License-Identifier: GPL-3.0-or-later
// Proofs with given r and s: every path makes the one that textbook arithmetic makes.
#include "groth16/prove.hpp"

#include "check.hpp"
#include "groth16/witness_file.hpp"
#include "groth16/random_scalar.hpp"
#include "key_files.hpp"
#include "reference/msm.hpp"
#include "reference/quotient.hpp"

using namespace phalanx;

namespace {

const Progress ignore;
const CancelToken never;

Groth16Proof referenceProof(const std::vector<uint8_t>& zkey, std::span<const Words> witness, const Words& r,
                            const Words& s, ThreadPool& pool) {
  const ZkeyFile file(zkey);
  const ZkeyHeader& header = file.header();
  std::vector<Words> quotient(header.domain());
  ReferenceQuotient(file.coefficients(pool).span(), header.logDomain).evaluate(witness, quotient);
  const auto product = [&]<class F>(const HugeBuffer<AffinePoint<F>>& points, std::span<const Words> scalars) {
    return referenceMsm<F>(points.span(), scalars);
  };
  const JacobianG1 a = add(add(product(file.pointsA(pool), witness), mul(header.delta1, r)), header.alpha1);
  const JacobianG1 b1 = add(add(product(file.pointsB1(pool), witness), mul(header.delta1, s)), header.beta1);
  const JacobianG2 b2 =
      add(add(product(file.pointsB2NoSubgroupCheck(pool), witness), mul(header.delta2, s)), header.beta2);
  JacobianG1 c = add(product(file.pointsC(pool), witness.subspan(header.publicSignals + 1)),
                     product(file.pointsH(pool), std::span<const Words>(quotient)));
  // C = ... + s*A + r*B - r*s*delta, each product for itself.
  c = add(add(c, mul(a, s)), mul(b1, r));
  c = add(c, neg(mul(mul(header.delta1, r), s)));
  return {toAffine(a), toAffine(b2), toAffine(c)};
}

void sameAsReference(const std::string& circuit) {
  const std::vector<uint8_t> zkey = readFile(circuit + ".zkey"), wtns = readFile(circuit + ".wtns");
  ThreadPool pool(3);
  const Witness witness = readWitnessFile(wtns, pool);
  const Words r = randomScalar(), s = randomScalar();
  const Groth16Proof expected = referenceProof(zkey, witness.span(), r, s, pool);
  for (const unsigned threads : {1u, 2u, 5u}) {
    ThreadPool own(threads);
    const ProvingKey key(zkey, own, never, ignore);
    // The second time, with buffers that are not new.
    for (int i = 0; i < 2; i++) {
      const Groth16Proof proof = prove(key, witness.span(), {r, s}, own, never, ignore);
      CHECK(proof.a == expected.a);
      CHECK(proof.b == expected.b);
      CHECK(proof.c == expected.c);
    }
  }
}

}  // namespace

TEST(a_small_circuits_proof_is_the_references) { sameAsReference("product"); }

TEST(a_larger_circuits_proof_is_the_references) { sameAsReference("chain"); }

TEST(a_witness_of_another_length_is_refused) {
  ThreadPool pool(2);
  const ProvingKey key(readFile("product.zkey"), pool, never, ignore);
  const std::vector<Words> witness(key.header().wires + 1, Words{1, 0, 0, 0});
  CHECK_THROWS(prove(key, witness, Blinding::draw(), pool, never, ignore), CodedError,
               std::string("WITNESS_REFUSED") == error.code());
}

TEST(a_witness_that_satisfies_nothing_makes_no_proof) {
  ThreadPool pool(2);
  const ProvingKey key(readFile("product.zkey"), pool, never, ignore);
  Witness witness = readWitnessFile(readFile("product.wtns"), pool);
  for (size_t i = 1; i < witness.size(); i++) {
    Words& value = witness[i];
    value[0] ^= 1;
    CHECK_THROWS(prove(key, witness.span(), Blinding::draw(), pool, never, ignore), CodedError,
                 std::string("PROOF_REJECTED") == error.code());
    value[0] ^= 1;
  }
}

TEST(a_cancelled_proof_ends) {
  ThreadPool pool(2);
  const std::vector<uint8_t> zkey = readFile("chain.zkey");
  const ProvingKey key(zkey, pool, never, ignore);
  const Witness witness = readWitnessFile(readFile("chain.wtns"), pool);
  for (const double when : {0.0, 0.3, 0.7}) {
    CancelToken cancel;
    const Progress cancelThen = [&](double fraction) {
      if (fraction >= when) cancel.cancel();
    };
    bool cancelled = false;
    try {
      prove(key, witness.span(), Blinding::draw(), pool, cancel, cancelThen);
    } catch (const Cancelled&) {
      cancelled = true;
    }
    CHECK(cancelled);
    cancelled = false;
    try {
      ProvingKey(zkey, pool, cancel, ignore);
    } catch (const Cancelled&) {
      cancelled = true;
    }
    CHECK(cancelled);
  }
}

TEST(blinding_is_drawn_anew_and_wiped) {
  alignas(Blinding) unsigned char place[sizeof(Blinding)];
  auto* blinding = new (place) Blinding(Blinding::draw());
  const Blinding other = Blinding::draw();
  CHECK(blinding->r != other.r && blinding->s != other.s && blinding->r != blinding->s);
  CHECK(lessThan(blinding->r, FrParameters::p) && lessThan(blinding->s, FrParameters::p));
  blinding->~Blinding();
  for (const unsigned char byte : place) CHECK(byte == 0);
}

TEST_MAIN_WITH_KEYS
