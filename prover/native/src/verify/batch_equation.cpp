// SPDX-License-Identifier: GPL-3.0-or-later
#include "batch_equation.hpp"

#include "../pairing/final_exponentiation.hpp"
#include "../pairing/many_pairs.hpp"
#include "../system_random.hpp"
#include "scale_points.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {
namespace {

std::vector<BatchScalar> drawScalars(size_t count) {
  std::vector<std::array<uint64_t, 2>> numbers(count);
  fillRandom(numbers.data(), count * sizeof numbers[0]);
  return {numbers.begin(), numbers.end()};
}

/** Where lines are taken at points, none of which is infinite. */
std::vector<LinePoint<Fq>> linePoints(std::span<const JacobianG1> points) {
  std::vector<Fq> inverses;
  for (const JacobianG1& point : points) inverses.push_back(point.y);
  invertBatch<Fq>(inverses);
  std::vector<LinePoint<Fq>> lines;
  for (size_t i = 0; i < points.size(); ++i) lines.push_back(linePoint(points[i], inverses[i]));
  return lines;
}

/** The sum of s_i * claim_i, and the sum of the s_i. */
struct CombinedClaims {
  JacobianG1 point;
  Words scalarSum;
};

CombinedClaims combineClaims(const VerifyingKey& key, std::span<const CheckedProof> proofs,
                             std::span<const BatchScalar> scalars) {
  Fr constant = Fr::zero();
  std::vector<Fr> sums(key.signalCount(), Fr::zero());
  for (size_t i = 0; i < proofs.size(); ++i) {
    const Fr scalar = Fr::fromCanonical(scalars[i].number());
    constant = constant + scalar;
    for (size_t j = 0; j < sums.size(); ++j) sums[j] = sums[j] + scalar * Fr::fromCanonical(proofs[i].signals[j]);
  }
  std::vector<Words> signals;
  for (const Fr& sum : sums) signals.push_back(sum.toCanonical());
  return {key.claim(constant.toCanonical(), signals), constant.toCanonical()};
}

}  // namespace

bool batchEquationHolds(const VerifyingKey& key, std::span<const CheckedProof> proofs) {
  const std::vector<BatchScalar> scalars = drawScalars(proofs.size());
  std::vector<AffineG1> minusA, c;
  std::vector<AffineG2> b;
  for (const CheckedProof& checked : proofs) {
    minusA.push_back(neg(checked.proof.a));
    b.push_back(checked.proof.b);
    c.push_back(checked.proof.c);
  }
  const ManyPairs pairs = pairMany(b, linePoints(scalePoints(minusA, scalars)));
  if (!pairs.inSubgroup) return false;

  const CombinedClaims claims = combineClaims(key, proofs, scalars);
  JacobianG1 sumOfC = JacobianG1::infinity();
  for (const JacobianG1& point : scalePoints(c, scalars)) sumOfC = add(sumOfC, point);
  const JacobianG1 alpha = key.alpha().addProduct(JacobianG1::infinity(), claims.scalarSum);

  std::vector<JacobianG1> points;
  std::vector<const PreparedG2 *> lines;
  const auto pairWith = [&](const JacobianG1& point, const PreparedG2& fixed) {
    if (point.isInfinity()) return; // the pairing is one
    points.push_back(point);
    lines.push_back(&fixed);
  };
  pairWith(claims.point, key.gamma());
  pairWith(sumOfC, key.delta());
  pairWith(alpha, key.beta());
  const std::vector<LinePoint<Fq>> at = linePoints(points);
  std::vector<FixedPair<Fq2>> fixed;
  for (size_t i = 0; i < at.size(); ++i) fixed.push_back({lines[i], at[i]});
  return finalExponentiation(pairs.product * millerLoop<Fq2>({}, fixed)) == Fq12::one();
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
