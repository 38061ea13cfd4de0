// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "verifying_key.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Groth16 verification with the strict rules of prover/strict-verifier.ts.
 * @param words of a proof with as many signals as the key has
 */
Verdict verify(const VerifyingKey& key, ProofWords words);

/** As `verify`, for a proof whose numbers and curves are checked. */
Verdict verifyPoints(const VerifyingKey& key, const Groth16Proof& proof, std::span<const Words> signals);

}  // namespace PHALANX_PATH
}  // namespace phalanx
