// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "../parallel/progress.hpp"
#include "proof.hpp"
#include "proving_key.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * The two secrets that keep a proof from telling anything of the witness: uniform in [0, r), of one proof only; wiped
 * at their end.
 */
struct Blinding {
  Words r, s;

  /** From the system's random source. @throws CodedError RANDOM_UNAVAILABLE */
  static Blinding draw();
  ~Blinding();
};

/**
 * @param witness canonical, one value for each wire of the key
 * @return a proof that verifies
 * @throws CodedError WITNESS_REFUSED when the witness has another length; PROOF_REJECTED when the proof does not
 *   verify, as when the witness does not satisfy the circuit; Cancelled
 */
Groth16Proof prove(const ProvingKey& key, std::span<const Words> witness, const Blinding& blinding, ThreadPool& pool,
            const CancelToken& cancel, const Progress& progress);

}  // namespace PHALANX_PATH
}  // namespace phalanx
