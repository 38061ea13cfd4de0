// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../field/element.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** r - 1 is a multiple of 2^28 and not of 2^29. */
inline constexpr unsigned MAX_LOG_ROOT = 28;

/**
 * The primitive 2^log-th root of unity of the scalar field that snarkjs takes: a power of 5, the least non-residue.
 * Each is the square of the next.
 * @param log at most MAX_LOG_ROOT
 */
inline Fr rootOfUnity(unsigned log) {
  Fr root = pow(Fr::fromInteger(5), shiftRight(subWords(FrParameters::p, Words{1, 0, 0, 0}), MAX_LOG_ROOT));
  for (unsigned i = log; i < MAX_LOG_ROOT; i++) root = sqr(root);
  return root;
}

/** 2^-log. */
inline Fr inverseOfPowerOfTwo(unsigned log) {
  return inv(Fr::fromInteger(uint64_t{1} << log));
}

/** The low `bits` bits of i in reverse order. */
inline size_t reverseBits(size_t i, unsigned bits) {
  size_t reversed = 0;
  for (unsigned b = 0; b < bits; b++) reversed |= (i >> b & 1) << (bits - 1 - b);
  return reversed;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
