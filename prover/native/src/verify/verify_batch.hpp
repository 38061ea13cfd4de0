// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "checked_proof.hpp"
#include "verifying_key.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Judge each proof by itself, several side by side where the processor can: what one of them costs does not depend on
 * the others. Gives exactly the verdicts of `verify`.
 */
void verifyEach(const VerifyingKey& key, const ProofList& proofs);

/**
 * Judge many proofs by one equation, and look closer only if it does not hold: the fastest way for proofs that are
 * expected to be valid. The verdicts are those of `verify`, but for a chance of at most 2^-128 that one passes which is
 * not (see holdTogether).
 * @throws CodedError RANDOM_UNAVAILABLE
 */
void verifyBatch(const VerifyingKey& key, const ProofList& proofs);

}  // namespace PHALANX_PATH
}  // namespace phalanx
