// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "../parallel/cancel_token.hpp"
#include "../parallel/thread_pool.hpp"
#include "coefficient.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * What Groth16's H points are multiplied by: for the polynomials A, B, C whose values on the roots of unity of order N
 * are the constraints' sides for a witness (C = A*B there), the values of A*B - C on the coset of those roots by the
 * root of order 2N. The same numbers as those of snarkjs's `groth16.prove` between buildABC and joinABC.
 *
 * Holds the circuit's coefficients and buffers for one evaluation at a time; a second caller waits for the first.
 */
class Quotient {
 public:
  static constexpr unsigned MAX_LOG_DOMAIN = 27;

  /**
   * @param coefficients each value below r
   * @param logDomain of N, at most MAX_LOG_DOMAIN
   * @param wires the witness's length
   * @throws std::invalid_argument when the domain, a matrix, a row or a wire is out of range
   */
  Quotient(std::span<const Coefficient> coefficients, unsigned logDomain, size_t wires, ThreadPool& pool);
  ~Quotient();
  Quotient(Quotient&&) noexcept;
  Quotient& operator=(Quotient&&) noexcept;

  /**
   * @param witness plain numbers below r, one a wire
   * @param out N plain numbers below r
   * @throws std::invalid_argument when a length is wrong
   * @throws Cancelled within some milliseconds of the wish; `out` then holds nothing of use
   */
  void evaluate(std::span<const std::array<uint64_t, 4>> witness, std::span<std::array<uint64_t, 4>> out,
                ThreadPool& pool, const CancelToken& cancel);

  /** Memory held, in bytes. */
  size_t bytes() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
