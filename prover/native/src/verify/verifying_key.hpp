// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../pairing/miller_loop.hpp"
#include "fixed_point.hpp"
#include "proof.hpp"

#include <memory>

#if defined(PHALANX_IFMA)
#include "lane_key.hpp"
#endif

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * A Groth16 verification key, with everything that depends on nothing else worked out. Read-only, for any number of
 * threads.
 */
class VerifyingKey {
 public:
  /**
   * @param words alpha (x, y), beta, gamma, delta (x0, x1, y0, y1), IC (x, y each), canonical
   * @throws CodedError KEY_REFUSED on a number beyond the field, a point at infinity, off its curve or outside its
   * subgroup
   */
  explicit VerifyingKey(std::span<const Words> words);

  size_t signalCount() const { return signals_.size(); }

  /** IC[0] * constant + the sum of IC[i + 1] * signals[i]; scalars in [0, r). */
  JacobianG1 claim(const Words& constant, std::span<const Words> signals) const;

  const FixedPoint& alpha() const { return alpha_; }
  const PreparedG2& beta() const { return beta_; }
  const PreparedG2& gamma() const { return gamma_; }
  const PreparedG2& delta() const { return delta_; }
  /** Miller value of (alpha, beta). */
  const Fq12& alphaBeta() const { return alphaBeta_; }
#if defined(PHALANX_IFMA)
  const LaneKey& lanes() const { return *lanes_; }
#endif

 private:
  FixedPoint alpha_;
  PreparedG2 beta_, gamma_, delta_;
  FixedPoint constant_;
  std::vector<FixedPoint> signals_;
  Fq12 alphaBeta_;
#if defined(PHALANX_IFMA)
  std::unique_ptr<const LaneKey> lanes_;
#endif
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
