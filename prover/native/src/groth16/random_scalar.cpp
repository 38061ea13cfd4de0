// SPDX-License-Identifier: GPL-3.0-or-later
#include "random_scalar.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>

#include "../error.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

void fillRandom(void* bytes, size_t count) {
  auto* next = static_cast<unsigned char*>(bytes);
  while (count > 0) {
#if defined(__linux__)
    const ssize_t got = getrandom(next, count, 0);
#else
    const size_t step = std::min<size_t>(count, 256);
    const ssize_t got = getentropy(next, step) == 0 ? static_cast<ssize_t>(step) : -1;
#endif
    if (got < 0) {
      if (errno == EINTR) continue;
      throw CodedError("RANDOM_UNAVAILABLE", "the system's random source fails");
    }
    next += got;
    count -= static_cast<size_t>(got);
  }
}

void wipe(void* bytes, size_t count) {
  volatile auto* next = static_cast<volatile unsigned char*>(bytes);
  for (size_t i = 0; i < count; i++) next[i] = 0;
}

Words randomScalar() {
  Words scalar;
  // r lies between 2^253 and 2^254: 254 random bits are below it three times in four.
  do {
    fillRandom(scalar.data(), sizeof scalar);
    scalar[3] &= (uint64_t{1} << 62) - 1;
  } while (!lessThan(scalar, FrParameters::p));
  return scalar;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
