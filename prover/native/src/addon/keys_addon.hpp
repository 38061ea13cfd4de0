// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "napi.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Adds `openMultiplier`, `closeMultiplier` and `multiplyGenerator`. */
void registerKeys(napi_env env, napi_value exports);

}  // namespace PHALANX_PATH
}  // namespace phalanx
