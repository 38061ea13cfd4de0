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
 * expected to be valid.
 *
 * The verdicts are those of `verify`, but that a false proof may pass by chance: where the equation is asked of proofs
 * of which one is false, it holds with a chance of at most 2^-128 (see batchEquationHolds). That is a bound for one
 * equation. A set that does not hold is halved and both halves are asked, so a call with n proofs asks fewer than n
 * equations, and the chance that any of its verdicts is wrong is below n * 2^-128; over many calls the chances add up.
 * A true proof is never refused.
 * @throws CodedError RANDOM_UNAVAILABLE
 */
void verifyBatch(const VerifyingKey& key, const ProofList& proofs);

}  // namespace PHALANX_PATH
}  // namespace phalanx
