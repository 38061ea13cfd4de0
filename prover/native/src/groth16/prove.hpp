// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "../parallel/progress.hpp"
#include "proving_key.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Groth16, "On the Size of Pairing-based Non-interactive Arguments", 3.2. */
struct Groth16Proof {
  AffineG1 a;
  AffineG2 b;
  AffineG1 c;
};

/** The two secrets that keep a proof from telling anything of the witness: uniform in [0, r), of one proof only; wiped at their end. */
struct Blinding {
  Words r, s;

  /** From the system's random source. @throws CodedError RANDOM_UNAVAILABLE */
  static Blinding draw();
  ~Blinding();
};

/**
 * Does not check that the witness satisfies the circuit: without that, the proof verifies nowhere.
 * @param witness canonical, one value for each wire of the key
 * @throws CodedError WITNESS_REFUSED when it has another length; Cancelled
 */
Groth16Proof prove(const ProvingKey& key, std::span<const Words> witness, const Blinding& blinding, ThreadPool& pool,
            const CancelToken& cancel, const Progress& progress);

}  // namespace PHALANX_PATH
}  // namespace phalanx
