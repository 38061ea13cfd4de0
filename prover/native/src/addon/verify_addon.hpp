// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "napi.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Adds what circuits/native/addon.ts calls NativeVerifier. */
void registerVerifier(napi_env env, napi_value exports);

}  // namespace PHALANX_PATH
}  // namespace phalanx
