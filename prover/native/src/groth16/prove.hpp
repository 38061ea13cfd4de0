// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "../parallel/progress.hpp"
#include "proof.hpp"
#include "proving_key.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * The two secrets that keep a proof from telling anything of the witness: uniform in [0, r), of one proof only;
 * overwritten at their end.
 */
struct Blinding {
  Words r, s;

  /** From the system's random source. @throws CodedError RANDOM_UNAVAILABLE */
  static Blinding draw();
  ~Blinding();
};

/**
 * What is secret, and how long it stays in memory: the witness, what is worked out of it before it is blinded, and the
 * blinding. Every buffer of it is overwritten before its memory is given back: the engine's copy of a witness file
 * (Witness), the quotient's values, and the working memory of transforms and products. That last one is kept for the
 * next proof, with what the last one left, until the key and the pool are closed. Not overwritten: registers and stacks
 * of the threads; small lists that tell how scalars' digits are distributed (BucketOrder, WindowSum) and sums of a
 * thread's points (BitSums); and memory of the caller, as the witness file's own bytes.
 *
 * @param witness canonical, one value for each wire of the key
 * @return a proof that verifies
 * @throws CodedError WITNESS_REFUSED when the witness has another length; PROOF_REJECTED when the proof does not
 *   verify, because the witness does not satisfy the circuit or because the machine has erred; Cancelled
 */
Groth16Proof prove(const ProvingKey& key, std::span<const Words> witness, const Blinding& blinding, ThreadPool& pool,
                   const CancelToken& cancel, const Progress& progress);

}  // namespace PHALANX_PATH
}  // namespace phalanx
