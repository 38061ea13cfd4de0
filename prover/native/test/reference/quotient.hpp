// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <span>
#include <vector>

#include "ntt/coefficient.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** The same as Quotient, from the textbook: recursive transforms of the three polynomials. */
class ReferenceQuotient {
 public:
  ReferenceQuotient(std::span<const Coefficient> coefficients, unsigned logDomain)
      : coefficients_(coefficients.begin(), coefficients.end()), log_(logDomain) {}

  /** Values of A, B and A*B on the domain, moved to the coset, A*B - C there. */
  void evaluate(std::span<const std::array<uint64_t, 4>> witness, std::span<std::array<uint64_t, 4>> out) const {
    const size_t domain = size_t{1} << log_;
    std::vector<Fr> rows[3];
    for (auto& row : rows) row.assign(domain, Fr::zero());
    for (const Coefficient& one : coefficients_) {
      Fr& row = rows[one.matrix][one.row];
      row = row + one.value * Fr{{witness[one.wire][0], witness[one.wire][1], witness[one.wire][2], witness[one.wire][3]}};
    }
    for (size_t i = 0; i < domain; i++) rows[2][i] = rows[0][i] * rows[1][i];
    for (auto& row : rows) toCoset(row);
    for (size_t i = 0; i < domain; i++) out[i] = (rows[0][i] * rows[1][i] - rows[2][i]).toCanonical();
  }

 private:
  /** A primitive 2^log-th root of unity, as snarkjs picks it: a power of 5, the least non-residue. */
  static Fr root(unsigned log) {
    Words exponent = subWords(FrParameters::p, Words{1, 0, 0, 0});
    for (unsigned i = 0; i < log; i++) exponent = shiftRight(exponent, 1);
    return pow(Fr::fromInteger(5), exponent);
  }

  void toCoset(std::vector<Fr>& values) const {
    const Fr w = root(log_);
    transform(values, inv(w));
    const Fr shift = root(log_ + 1);
    Fr factor = inv(Fr::fromInteger(values.size()));
    for (Fr& value : values) {
      value = value * factor;
      factor = factor * shift;
    }
    transform(values, w);
  }

  static void transform(std::vector<Fr>& values, const Fr& w) {
    const size_t n = values.size();
    if (n == 1) return;
    std::vector<Fr> even(n / 2), odd(n / 2);
    for (size_t i = 0; i < n / 2; i++) even[i] = values[2 * i], odd[i] = values[2 * i + 1];
    transform(even, w * w);
    transform(odd, w * w);
    Fr power = Fr::one();
    for (size_t i = 0; i < n / 2; i++) {
      const Fr turned = power * odd[i];
      values[i] = even[i] + turned;
      values[i + n / 2] = even[i] - turned;
      power = power * w;
    }
  }

  std::vector<Coefficient> coefficients_;
  unsigned log_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
