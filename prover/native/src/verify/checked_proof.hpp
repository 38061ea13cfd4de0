// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "proof.hpp"

#include <span>
#include <vector>

namespace phalanx {
inline namespace PHALANX_PATH {

/** Proofs one after another, each with its signals, and a place for what is said of each. */
struct ProofList {
  std::span<const Words> words;
  size_t signalCount;
  std::span<Verdict> verdicts;

  size_t size() const { return verdicts.size(); }
  ProofWords operator[](size_t i) const {
    const size_t length = proofCoordinates + signalCount;
    return words.subspan(i * length, length);
  }
};

/** A proof without infinity whose numbers and curves have no fault; whether B is in its subgroup is not known. */
struct CheckedProof {
  Groth16Proof proof;
  std::span<const Words> signals;
  Verdict* verdict;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
