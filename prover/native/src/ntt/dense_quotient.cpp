// SPDX-License-Identifier: GPL-3.0-or-later
#include "dense_quotient.hpp"

#include "../wipe.hpp"
#include "roots.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

DenseQuotient::DenseQuotient(std::span<const Coefficient> coefficients, unsigned logDomain)
    : coefficients_(coefficients.begin(), coefficients.end()), kernel_(size_t{1} << logDomain) {
  const Fr root = rootOfUnity(logDomain);
  // The point lies on the coset, so it is never 1.
  Fr point = rootOfUnity(logDomain + 1);
  for (Fr& c : kernel_) {
    c = sub(point, Fr::one());
    point = mul(point, root);
  }
  invertBatch(std::span<Fr>(kernel_));
  const Fr scale = mul(neg(Fr::fromInteger(2)), inverseOfPowerOfTwo(logDomain));
  for (Fr& c : kernel_) c = mul(c, scale);
}

std::vector<Fr> DenseQuotient::onCoset(const std::vector<Fr>& values) const {
  const size_t size = values.size();
  std::vector<Fr> result(size, Fr::zero());
  for (size_t m = 0; m < size; m++)
    for (size_t k = 0; k < size; k++) result[m] = add(result[m], mul(values[k], kernel_[(m + size - k) % size]));
  return result;
}

void DenseQuotient::evaluate(std::span<const std::array<uint64_t, 4>> witness,
                             std::span<std::array<uint64_t, 4>> out) const {
  const size_t size = kernel_.size();
  std::vector<Fr> products[2] = {std::vector<Fr>(size, Fr::zero()), std::vector<Fr>(size, Fr::zero())};
  for (const Coefficient& c : coefficients_) {
    if (c.matrix > 1) continue;
    Fr& sum = products[c.matrix][c.row];
    // The coefficient has R twice: it takes the plain number to Montgomery form.
    sum = add(sum, mul(c.value, Fr::fromWords(witness[c.wire])));
  }
  std::vector<Fr> third(size);
  for (size_t i = 0; i < size; i++) third[i] = mul(products[0][i], products[1][i]);
  std::vector<Fr> a = onCoset(products[0]), b = onCoset(products[1]), c = onCoset(third);
  for (size_t i = 0; i < size; i++) out[i] = sub(mul(a[i], b[i]), c[i]).toCanonical();
  for (std::vector<Fr>* values : {&products[0], &products[1], &third, &a, &b, &c}) wipe(std::span(*values));
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
