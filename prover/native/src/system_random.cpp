// SPDX-License-Identifier: GPL-3.0-or-later
#include "system_random.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>

#include "error.hpp"

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

}  // namespace PHALANX_PATH
}  // namespace phalanx
