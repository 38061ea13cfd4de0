// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../parallel/secret_buffer.hpp"
#include "../parallel/thread_pool.hpp"
#include "binary_file.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Values of all wires, canonical; the first is 1. */
using Witness = SecretBuffer<Words>;

/**
 * Read a .wtns file of version 2, as circom's programs and snarkjs write it.
 * @throws FormatError when it is malformed, on another field, or a value is not below r
 */
Witness readWitnessFile(Bytes file, ThreadPool& pool);

}  // namespace PHALANX_PATH
}  // namespace phalanx
