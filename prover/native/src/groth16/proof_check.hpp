// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "../msm/prepared_points.hpp"
#include "../pairing/miller_loop.hpp"
#include "../parallel/cancel_token.hpp"
#include "proof.hpp"
#include "zkey_file.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Does a finished proof verify? Asked of each before it leaves: a machine that errs must not hand out what it made. */
class ProofCheck {
 public:
  /** @param inputPoints of the key's section 3 */
  ProofCheck(const ZkeyHeader& header, std::span<const AffineG1> inputPoints, ThreadPool& pool);

  size_t bytes() const { return inputPoints_.bytes() + sizeof *this; }

  /**
   * Points on their curves and in their groups, none at infinity, and e(A, B) = e(alpha, beta) * e(inputs, gamma) *
   * e(C, delta).
   * @param inputs one, then the public signals; canonical
   */
  bool holds(const Groth16Proof& proof, std::span<const Words> inputs, ThreadPool& pool, const CancelToken& cancel) const;

 private:
  PreparedPoints<Fq> inputPoints_;
  PreparedG2 gamma_, delta_;
  /** Miller value of (alpha, beta) */
  Fq12 alphaBeta_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
