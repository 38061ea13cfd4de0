// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/addon/napi.hpp"
#include "src/cpu/features.hpp"

/// An addon of its own, so that the processor can be asked before any other is built or loaded.
NAPI_MODULE_INIT() {
  using namespace phalanx;
  try {
    const CpuFeatures features = cpuFeatures();
    setProperty(env, exports, "adx", makeBoolean(env, features.adx));
    setProperty(env, exports, "ifma", makeBoolean(env, features.ifma));
  } catch (const std::exception& error) {
    throwToJs(env, error);
  }
  return exports;
}
