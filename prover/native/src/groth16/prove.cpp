// SPDX-License-Identifier: GPL-3.0-or-later
#include "prove.hpp"

#include "../error.hpp"
#include "../msm/msm.hpp"
#include "../parallel/secret_buffer.hpp"
#include "../wipe.hpp"
#include "random_scalar.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

Blinding Blinding::draw() { return {randomScalar(), randomScalar()}; }

Blinding::~Blinding() {
  wipe(std::span(r));
  wipe(std::span(s));
}

Groth16Proof prove(const ProvingKey& key, std::span<const Words> witness, const Blinding& blinding, ThreadPool& pool,
                   const CancelToken& cancel, const Progress& progress) {
  const ZkeyHeader& header = key.header();
  if (witness.size() != header.wires) {
    throw CodedError("WITNESS_REFUSED", "the witness has " + std::to_string(witness.size()) + " values, the key " +
                                            std::to_string(header.wires) + " wires");
  }
  const auto at = [&](double fraction) {
    cancel.check();
    if (progress) progress(fraction);
  };

  at(0);
  SecretBuffer<Words> quotient(header.domain());
  key.quotient().evaluate(witness, quotient.span(), pool, cancel);
  at(0.15);
  JacobianG1 a = msm(key.a(), witness, pool, cancel);
  at(0.3);
  auto [b1, b] = msmPair(key.b1(), key.b2(), witness, pool, cancel);
  at(0.65);
  JacobianG1 c = msm(key.c(), witness.subspan(header.publicSignals + 1), pool, cancel);
  at(0.75);
  c = add(c, msm(key.h(), std::span<const Words>(quotient.span()), pool, cancel));

  const auto& [r, s] = blinding;
  a = add(add(a, mul(header.delta1, r)), header.alpha1);
  b1 = add(add(b1, mul(header.delta1, s)), header.beta1);
  b = add(add(b, mul(header.delta2, s)), header.beta2);
  Words rs = (Fr::fromCanonical(r) * Fr::fromCanonical(s)).toCanonical();
  c = add(add(c, mul(a, s)), add(mul(b1, r), neg(mul(header.delta1, rs))));
  wipe(std::span(rs));
  at(0.98);
  const Groth16Proof proof{toAffine(a), toAffine(b), toAffine(c)};
  if (!key.check().holds(proof, witness.first(header.publicSignals + 1), pool, cancel)) {
    throw CodedError("PROOF_REJECTED",
                     "the proof does not verify: the witness does not satisfy the circuit, or the machine has erred");
  }
  at(1);
  return proof;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
