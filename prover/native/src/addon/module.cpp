// SPDX-License-Identifier: GPL-3.0-or-later
#include "../cpu/features.hpp"
#include "keys_addon.hpp"
#include "napi.hpp"
#include "pool_addon.hpp"
#include "prover_addon.hpp"
#include "verify_addon.hpp"

#define PHALANX_TEXT_(name) #name
#define PHALANX_TEXT(name) PHALANX_TEXT_(name)

namespace phalanx {
inline namespace PHALANX_PATH {
namespace {

napi_value jsCpuFeatures(napi_env env, napi_callback_info) {
  const CpuFeatures features = cpuFeatures();
  napi_value result;
  check(napi_create_object(env, &result));
  setProperty(env, result, "adx", makeBoolean(env, features.adx));
  setProperty(env, result, "ifma", makeBoolean(env, features.ifma));
  return result;
}

}  // namespace
}  // namespace PHALANX_PATH
}  // namespace phalanx

/// Each part of the engine adds its functions here.
NAPI_MODULE_INIT() {
  using namespace phalanx;
  try {
    setProperty(env, exports, "path", makeString(env, PHALANX_TEXT(PHALANX_PATH)));
    exportFunction<jsCpuFeatures>(env, exports, "cpuFeatures");
    registerPool(env, exports);
    registerProver(env, exports);
    registerKeys(env, exports);
    registerVerifier(env, exports);
  } catch (const std::exception& error) {
    throwToJs(env, error);
  }
  return exports;
}
