// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "checked_proof.hpp"
#include "verifying_key.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** The verdict of `verifyPoints` on each, eight at a time: every lane is a verification of its own. */
void verifyLanes(const VerifyingKey& key, std::span<const CheckedProof> proofs);

}  // namespace PHALANX_PATH
}  // namespace phalanx
