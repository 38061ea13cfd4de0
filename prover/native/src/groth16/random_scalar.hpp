// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "../field/element.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Fill with bytes from the system's random source. @throws CodedError RANDOM_UNAVAILABLE */
void fillRandom(void* bytes, size_t count);

/** Overwrite a secret, in a way that no compiler leaves out. */
void wipe(void* bytes, size_t count);

/** Uniform in [0, r), canonical. @throws CodedError RANDOM_UNAVAILABLE */
Words randomScalar();

}  // namespace PHALANX_PATH
}  // namespace phalanx
