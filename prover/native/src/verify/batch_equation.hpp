// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "checked_proof.hpp"
#include "verifying_key.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Do all these proofs hold? If they do, the answer is yes. If any does not, the answer is yes with a chance of at most
 * 2^-128: for one call, whatever the proofs, however many and however many of them false. Each call draws anew, so
 * among n calls at least one errs with a chance of at most n * 2^-128.
 *
 * Proof i holds if E_i = e(-A_i, B_i) * e(claim_i, gamma) * e(C_i, delta) * e(alpha, beta) is one. With random s_i the
 * product of all E_i^(s_i) is computed at once, because pairings are bilinear: e(-s_i*A_i, B_i) for each i, and one
 * pairing each of the sums of s_i*claim_i with gamma, s_i*C_i with delta, and s_i*alpha with beta.
 *
 * Every B_i is in the subgroup of order r (else the answer is no), and so are all other points: G1 has no others, and
 * the key's are checked. So every E_i is g^(x_i) for a generator g of a group of prime order r, and the product is one
 * only if s_1*x_1 + ... + s_n*x_n = 0 modulo r. If some x_j is not zero, then whatever the other s are, this holds for
 * one s_j modulo r at most. The s_j are odd numbers below 2^129, 2^128 of them and no two alike modulo r, drawn
 * independently and uniformly from the system's random source after the proofs have come: hence the chance. It supposes
 * that this source cannot be foretold, and nothing else: no hardness assumption enters.
 *
 * Outside the subgroup this would not do: a fault of small order d would pass with a chance of 1/d.
 * @throws CodedError RANDOM_UNAVAILABLE
 */
bool batchEquationHolds(const VerifyingKey& key, std::span<const CheckedProof> proofs);

}  // namespace PHALANX_PATH
}  // namespace phalanx
