// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixed_point.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

FixedPoint::FixedPoint(const AffineG1& point) {
  std::vector<JacobianG1> multiples;
  multiples.reserve(windows * digits);
  JacobianG1 base = JacobianG1::from(point);
  for (unsigned window = 0; window < windows; ++window) {
    multiples.push_back(base);
    for (unsigned digit = 1; digit < digits; ++digit) multiples.push_back(add(multiples.back(), base));
    base = dbl(multiples.back());
  }
  // No multiple is infinite: none of their factors is one of r.
  std::vector<Fq> inverses;
  for (const JacobianG1& multiple : multiples) inverses.push_back(multiple.z);
  invertBatch<Fq>(inverses);
  for (size_t i = 0; i < multiples.size(); ++i) {
    const Fq zz = sqr(inverses[i]);
    multiples_.push_back({multiples[i].x * zz, multiples[i].y * (zz * inverses[i])});
  }
}

JacobianG1 FixedPoint::addProduct(JacobianG1 sum, const Words& scalar) const {
  unsigned carry = 0;
  for (unsigned window = 0; window < windows; ++window) {
    const unsigned bit = window * windowBits, word = bit / 64, shift = bit % 64;
    uint64_t bits = scalar[word] >> shift;
    if (shift + windowBits > 64 && word < 3) bits |= scalar[word + 1] << (64 - shift);
    int digit = int(bits & (2 * digits - 1)) + int(carry);
    carry = digit > int(digits);
    if (carry) digit -= 2 * int(digits);
    const AffineG1* row = &multiples_[window * digits];
    if (digit > 0) sum = add(sum, row[digit - 1]);
    if (digit < 0) sum = add(sum, neg(row[-digit - 1]));
  }
  return sum;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
