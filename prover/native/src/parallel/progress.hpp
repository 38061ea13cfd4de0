// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "../path.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Hears what part of some work is done, from 0 to 1 and rising. Called between steps on the thread that asked for the
 * work; may be empty; must be quick and must not throw.
 */
using Progress = std::function<void(double fraction)>;

}  // namespace PHALANX_PATH
}  // namespace phalanx
