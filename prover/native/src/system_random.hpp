// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "path.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Fill with bytes from the system's random source. @throws CodedError RANDOM_UNAVAILABLE */
void fillRandom(void* bytes, size_t count);

}  // namespace PHALANX_PATH
}  // namespace phalanx
