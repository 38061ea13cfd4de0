// SPDX-License-Identifier: GPL-3.0-or-later
#include "batch_scalar.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

BatchScalar::BatchScalar(const std::array<uint64_t, 2>& n)
    : number_{n[0] << 1 | 1, n[1] << 1 | n[0] >> 63, n[1] >> 63, 0} {
  Words rest = number_;
  for (size_t i = 0; i + 1 < digits; ++i) {
    // rest is odd, and stays so: the digit is rest modulo 32 less 16, and what remains is 16 modulo 32.
    form_[i] = int8_t(int(rest[0] & 31) - 16);
    rest = shiftRight(subWords(rest, Words{rest[0] & 31, 0, 0, 0}), 4);
    rest = addWords(rest, Words{1, 0, 0, 0});
  }
  form_[digits - 1] = int8_t(rest[0]);
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
