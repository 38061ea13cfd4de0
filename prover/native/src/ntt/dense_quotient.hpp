// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <span>
#include <vector>

#include "coefficient.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * The quotient's values for domains too small for the transforms: going from the roots of unity to their coset is a
 * cyclic convolution, since value m is the sum over k of value k times c(m - k), where c(d) = -2 / (N * (g*w^d - 1)).
 */
class DenseQuotient {
 public:
  /** Coefficients' rows and wires must be in range. */
  DenseQuotient(std::span<const Coefficient> coefficients, unsigned logDomain);

  /** @see Quotient::evaluate */
  void evaluate(std::span<const std::array<uint64_t, 4>> witness, std::span<std::array<uint64_t, 4>> out) const;

  size_t bytes() const { return coefficients_.capacity() * sizeof(Coefficient) + kernel_.capacity() * sizeof(Fr); }

 private:
  std::vector<Fr> onCoset(const std::vector<Fr>& values) const;

  std::vector<Coefficient> coefficients_;
  /** c(d) */
  std::vector<Fr> kernel_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
