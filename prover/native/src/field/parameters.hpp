// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "words.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** What Montgomery arithmetic with R = 2^256 needs; everything follows from the modulus, an odd prime below 2^254. */
template <class Modulus>
struct FieldParameters {
  // Hidden: in a shared object too assembly reads these relative to the instruction pointer.
  [[gnu::visibility("hidden")]] static constexpr Words p = Modulus::value;
  /** -1/p mod 2^64. */
  [[gnu::visibility("hidden")]] static constexpr uint64_t negInverse = negativeInverse(p[0]);
  /** (p * negInverse + 1) / 2^64: see element_adx.hpp. */
  [[gnu::visibility("hidden")]] static constexpr Words step = productUpper(p, negInverse, 1);
  /** R mod p: one in Montgomery form. */
  static constexpr Words r1 = powerOfTwoModulo(256, p);
  /** R^2 mod p: takes a canonical number to Montgomery form. */
  static constexpr Words r2 = powerOfTwoModulo(512, p);

  static_assert(p[0] & 1 && p[3] >> 62 == 0, "the arithmetic relies on two spare bits on top");
};

/** q, the order of BN254's base field (EIP-196). */
struct BaseModulus {
  static constexpr Words value{0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029};
};

/** r, the order of BN254's groups and scalar field (EIP-196). */
struct ScalarModulus {
  static constexpr Words value{0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029};
};

using FqParameters = FieldParameters<BaseModulus>;
using FrParameters = FieldParameters<ScalarModulus>;

}  // namespace PHALANX_PATH
}  // namespace phalanx
