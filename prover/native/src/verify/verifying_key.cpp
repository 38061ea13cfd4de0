// SPDX-License-Identifier: GPL-3.0-or-later
#include "verifying_key.hpp"

#include "../error.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {
namespace {

CodedError refusal(const char* why) { return {"KEY_REFUSED", why}; }

Fq readCoordinate(const Words& words) {
  if (!lessThan(words, FqParameters::p)) throw refusal("a coordinate is not below the field's order");
  return Fq::fromCanonical(words);
}

AffineG1 readG1(std::span<const Words> words) {
  const AffineG1 point{readCoordinate(words[0]), readCoordinate(words[1])};
  if (point.isInfinity() || !onCurve(point)) throw refusal("a point of G1 is at infinity or off the curve");
  return point;
}

AffineG2 readG2(std::span<const Words> words) {
  const AffineG2 point{{readCoordinate(words[0]), readCoordinate(words[1])},
                       {readCoordinate(words[2]), readCoordinate(words[3])}};
  if (point.isInfinity() || !onCurve(point)) throw refusal("a point of G2 is at infinity or off the twist");
  if (!inSubgroup(point)) throw refusal("a point of G2 is outside the subgroup");
  return point;
}

constexpr size_t firstOfIc = 2 + 3 * 4;

std::span<const Words> checkLength(std::span<const Words> words) {
  if (words.size() < firstOfIc + 2 || words.size() % 2 != 0) throw refusal("the key has another number of coordinates");
  return words;
}

}  // namespace

VerifyingKey::VerifyingKey(std::span<const Words> words)
    : alpha_(readG1(checkLength(words))), beta_(prepareG2(readG2(words.subspan(2)))),
      gamma_(prepareG2(readG2(words.subspan(6)))), delta_(prepareG2(readG2(words.subspan(10)))),
      constant_(readG1(words.subspan(firstOfIc))) {
  const AffineG1 alpha = readG1(words);
  const FixedPair<Fq2> pair{&beta_, linePoint(alpha, inv(alpha.y))};
  alphaBeta_ = millerLoop<Fq2>({}, {&pair, 1});
  for (size_t i = firstOfIc + 2; i < words.size(); i += 2) signals_.emplace_back(readG1(words.subspan(i)));
#if defined(PHALANX_IFMA)
  lanes_ = std::make_unique<LaneKey>(LaneKey{spreadLines(gamma_), spreadLines(delta_), spreadTower(alphaBeta_)});
#endif
}

JacobianG1 VerifyingKey::claim(const Words& constant, std::span<const Words> signals) const {
  JacobianG1 sum = constant_.addProduct(JacobianG1::infinity(), constant);
  for (size_t i = 0; i < signals_.size(); ++i) sum = signals_[i].addProduct(sum, signals[i]);
  return sum;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
