// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "../src/curve/point.hpp"

/** A verification key whose secrets are known, so that a proof of anything can be made up (Groth16, section 3.2). */
namespace phalanx_test {

using namespace phalanx;

inline Fr fr(uint64_t number) { return Fr::fromInteger(number); }
inline AffineG1 g1(const Fr& scalar) { return toAffine(mul(generatorG1, scalar.toCanonical())); }
inline AffineG2 g2(const Fr& scalar) { return toAffine(mul(generatorG2, scalar.toCanonical())); }

inline void append(std::vector<Words>& words, const AffineG1& p) {
  words.insert(words.end(), {p.x.toCanonical(), p.y.toCanonical()});
}
inline void append(std::vector<Words>& words, const AffineG2& p) {
  words.insert(words.end(), {p.x.c0.toCanonical(), p.x.c1.toCanonical(), p.y.c0.toCanonical(), p.y.c1.toCanonical()});
}

struct ForgedKey {
  size_t signals;
  Fr alpha = fr(11), beta = fr(13), gamma = fr(17), delta = fr(19);

  Fr ic(size_t i) const { return fr(23 + 7 * i); }

  std::vector<Words> words() const {
    std::vector<Words> words;
    append(words, g1(alpha));
    append(words, g2(beta));
    append(words, g2(gamma));
    append(words, g2(delta));
    for (size_t i = 0; i <= signals; ++i) append(words, g1(ic(i)));
    return words;
  }

  Fr claim(const std::vector<Words>& values) const {
    Fr sum = ic(0);
    for (size_t i = 0; i < signals; ++i) sum = sum + ic(i + 1) * Fr::fromCanonical(values[i]);
    return sum;
  }

  /** A valid proof of these signals, followed by them; a and b (their logarithms) are free, c follows. */
  std::vector<Words> prove(const std::vector<Words>& values, const Fr& a, const Fr& b) const {
    const Fr c = (a * b - alpha * beta - gamma * claim(values)) * inv(delta);
    return proofOf(a, b, c, values);
  }

  static std::vector<Words> proofOf(const Fr& a, const Fr& b, const Fr& c, const std::vector<Words>& values) {
    std::vector<Words> words;
    append(words, g1(a));
    append(words, g2(b));
    append(words, g1(c));
    words.insert(words.end(), values.begin(), values.end());
    return words;
  }
};

}  // namespace phalanx_test
