// SPDX-License-Identifier: GPL-3.0-or-later
#include "verify_batch.hpp"

#include "batch_equation.hpp"
#include "verify.hpp"

#if defined(PHALANX_IFMA)
#include "verify_lanes.hpp"
#endif

namespace phalanx {
inline namespace PHALANX_PATH {
namespace {

/** Judges what needs no company: faults of numbers and curves, and proofs with infinity. @return the others */
std::vector<CheckedProof> sift(const VerifyingKey& key, const ProofList& proofs) {
  std::vector<CheckedProof> checked;
  for (size_t i = 0; i < proofs.size(); ++i) {
    const ProofWords words = proofs[i];
    if (checkNumbers(words) == Verdict::valid) {
      const Groth16Proof proof = readProof(words);
      const bool infinite = proof.a.isInfinity() || proof.b.isInfinity() || proof.c.isInfinity();
      if (!infinite && checkCurves(proof) == Verdict::valid) {
        checked.push_back({proof, words.subspan(proofCoordinates), &proofs.verdicts[i]});
        continue;
      }
    }
    proofs.verdicts[i] = verify(key, words);
  }
  return checked;
}

#if defined(PHALANX_IFMA)
/** Below this many, one equation costs more than each proof's own. */
constexpr size_t fewTogether = 8;

/** Up to this many left over from full vectors, a vector costs more. */
constexpr size_t fewLeft = 2;
#else
constexpr size_t fewTogether = 2;
#endif

void judgeEach(const VerifyingKey& key, std::span<const CheckedProof> proofs) {
  size_t done = 0;
#if defined(PHALANX_IFMA)
  const size_t left = proofs.size() % LaneFq2::width;
  done = proofs.size() - (left <= fewLeft ? left : 0);
  verifyLanes(key, proofs.first(done));
#endif
  for (const CheckedProof& checked : proofs.subspan(done))
    *checked.verdict = verifyPoints(key, checked.proof, checked.signals);
}

/** By halves, down to where the faults are. */
void judgeTogether(const VerifyingKey& key, std::span<const CheckedProof> proofs) {
  if (proofs.size() <= fewTogether) return judgeEach(key, proofs);
  if (batchEquationHolds(key, proofs)) {
    for (const CheckedProof& checked : proofs) *checked.verdict = Verdict::valid;
    return;
  }
  const size_t half = proofs.size() / 2;
  judgeTogether(key, proofs.first(half));
  judgeTogether(key, proofs.subspan(half));
}

}  // namespace

void verifyEach(const VerifyingKey& key, const ProofList& proofs) { judgeEach(key, sift(key, proofs)); }

void verifyBatch(const VerifyingKey& key, const ProofList& proofs) { judgeTogether(key, sift(key, proofs)); }

}  // namespace PHALANX_PATH
}  // namespace phalanx
