// SPDX-License-Identifier: GPL-3.0-or-later
#if defined(PHALANX_IFMA)
#include "verify_lanes.hpp"

#include "../pairing/final_exponentiation.hpp"
#include "lane_key.hpp"
#include "verify.hpp"

#include <algorithm>

namespace phalanx {
inline namespace PHALANX_PATH {
namespace {

/** A proof's points as lines are taken at them. */
struct Lines {
  LinePoint<Fq> minusA, claim, c;
};

/** @param proofs at most eight @param lines as many */
void judge(const VerifyingKey& key, std::span<const CheckedProof> proofs, std::span<const Lines> lines) {
  std::array<AffineG2, LaneFq2::width> b;
  std::array<LinePoint<Fq>, LaneFq2::width> minusA, claim, c;
  for (size_t i = 0; i < proofs.size(); ++i) {
    b[i] = proofs[i].proof.b;
    minusA[i] = lines[i].minusA;
    claim[i] = lines[i].claim;
    c[i] = lines[i].c;
  }
  const auto packed = [&](const auto& points) { return pack(std::span(points).first(proofs.size())); };
  FreePair<LaneFq2> free = freePair(packed(b), packed(minusA));
  const FixedPair<LaneFq2> fixed[] = {{&key.lanes().gamma, packed(claim)}, {&key.lanes().delta, packed(c)}};
  const Tower<LaneFq2> product = millerLoop<LaneFq2>({&free, 1}, fixed) * key.lanes().alphaBeta;
  const LaneMask inside = inSubgroup(free), holds = isOne(finalExponentiation(product));
  for (size_t i = 0; i < proofs.size(); ++i) {
    const Verdict inGroup = holds >> i & 1 ? Verdict::valid : Verdict::pairing;
    *proofs[i].verdict = inside >> i & 1 ? inGroup : Verdict::bOutsideSubgroup;
  }
}

}  // namespace

void verifyLanes(const VerifyingKey& key, std::span<const CheckedProof> proofs) {
  static constexpr Words once{1, 0, 0, 0};
  std::vector<CheckedProof> regular;
  std::vector<JacobianG1> claims;
  std::vector<Fq> inverses;
  for (const CheckedProof& checked : proofs) {
    const JacobianG1 claim = key.claim(once, checked.signals);
    if (claim.isInfinity()) {
      *checked.verdict = verifyPoints(key, checked.proof, checked.signals);
      continue;
    }
    regular.push_back(checked);
    claims.push_back(claim);
    inverses.insert(inverses.end(), {checked.proof.a.y, claim.y, checked.proof.c.y});
  }
  invertBatch<Fq>(inverses);
  std::vector<Lines> lines;
  for (size_t i = 0; i < regular.size(); ++i) {
    const Groth16Proof& proof = regular[i].proof;
    lines.push_back({linePoint(neg(proof.a), -inverses[3 * i]), linePoint(claims[i], inverses[3 * i + 1]),
                     linePoint(proof.c, inverses[3 * i + 2])});
  }
  for (size_t i = 0; i < regular.size(); i += LaneFq2::width) {
    const size_t count = std::min(LaneFq2::width, regular.size() - i);
    judge(key, std::span(regular).subspan(i, count), std::span(lines).subspan(i, count));
  }
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
#endif
