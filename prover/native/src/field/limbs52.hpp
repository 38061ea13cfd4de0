// SPDX-License-Identifier: GPL-3.0-or-later
// Constants of the form that the eight-lane arithmetic works in: five limbs of 52 bits, Montgomery with R = 2^260.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "parameters.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

using Limbs = std::array<uint64_t, 5>;

/** The low 52 bits: what one limb holds, and what `vpmadd52` reads of it. */
inline constexpr uint64_t LIMB_MASK = (uint64_t{1} << 52) - 1;

/** Split 256 bits into five limbs. */
constexpr Limbs toLimbs(const Words& w) {
  return {w[0] & LIMB_MASK, ((w[0] >> 52) | (w[1] << 12)) & LIMB_MASK, ((w[1] >> 40) | (w[2] << 24)) & LIMB_MASK,
          ((w[2] >> 28) | (w[3] << 36)) & LIMB_MASK, w[3] >> 16};
}

/** k*p for k = 0..7, limb by limb: [limb][k], in the order `vpermq` looks it up. */
struct LimbMultiples {
  alignas(64) uint64_t limb[5][8];
};

constexpr LimbMultiples multiplesOf(const Limbs& p) {
  LimbMultiples multiples{};
  for (uint64_t k = 0; k < 8; k++) {
    uint64_t carry = 0;
    for (size_t i = 0; i < 5; i++) {
      const uint64_t t = p[i] * k + carry;
      multiples.limb[i][k] = i < 4 ? t & LIMB_MASK : t;
      carry = t >> 52;
    }
  }
  return multiples;
}

/** What arithmetic modulo P::p (254 bits) with five limbs needs; everything follows from the modulus. */
template <class P>
struct Limbs52 {
  static constexpr Limbs modulus = toLimbs(P::p);
  static constexpr LimbMultiples multiples = multiplesOf(modulus);
  /** -1/p mod 2^52. */
  static constexpr uint64_t negInverse = P::negInverse & LIMB_MASK;
  /** A value's top limb times this, shifted right by 52, is its quotient by p or (near multiples of p) one less. */
  static constexpr uint64_t quotientFactor = (uint64_t{1} << 52) / (modulus[4] + 1);

  static constexpr Limbs one = toLimbs(powerOfTwoModulo(260, P::p));
  // Multiplying by these changes the form.
  static constexpr Limbs canonicalToLanes = toLimbs(powerOfTwoModulo(520, P::p));
  static constexpr Limbs elementToLanes = toLimbs(powerOfTwoModulo(264, P::p));
  static constexpr Limbs lanesToElement = toLimbs(powerOfTwoModulo(256, P::p));
  static constexpr Limbs lanesToCanonical{1, 0, 0, 0, 0};
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
