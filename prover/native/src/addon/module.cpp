// SPDX-License-Identifier: GPL-3.0-or-later
#include "keys_addon.hpp"
#include "napi.hpp"
#include "pool_addon.hpp"
#include "prover_addon.hpp"
#include "verify_addon.hpp"

#define PHALANX_TEXT_(name) #name
#define PHALANX_TEXT(name) PHALANX_TEXT_(name)

/// Each part of the engine adds its functions here.
NAPI_MODULE_INIT() {
  using namespace phalanx;
  try {
    setProperty(env, exports, "path", makeString(env, PHALANX_TEXT(PHALANX_PATH)));
    registerPool(env, exports);
    registerProver(env, exports);
    registerKeys(env, exports);
    registerVerifier(env, exports);
  } catch (const std::exception& error) {
    throwToJs(env, error);
  }
  return exports;
}
