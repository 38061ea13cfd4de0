// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../field/element.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Uniform in [0, r), canonical. @throws CodedError RANDOM_UNAVAILABLE */
Words randomScalar();

}  // namespace PHALANX_PATH
}  // namespace phalanx
