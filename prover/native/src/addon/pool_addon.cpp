// SPDX-License-Identifier: GPL-3.0-or-later
#include "pool_addon.hpp"

#include "../msm/msm.hpp"
#include "../parallel/memory_account.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

constexpr uint32_t MAX_THREADS = 1024;

napi_value openPool(napi_env env, napi_callback_info info) {
  uint32_t threads = 0;
  if (napi_get_value_uint32(env, arguments(env, info, 1)[0], &threads) != napi_ok || threads < 1 || threads > MAX_THREADS)
    throw CodedError("INVALID_ARGUMENT", "1 to " + std::to_string(MAX_THREADS) + " threads expected");
  return makeHandle(env, std::make_shared<ThreadPool>(threads));
}

napi_value closePool(napi_env env, napi_callback_info info) {
  closeHandle<ThreadPool>(env, arguments(env, info, 1)[0]);
  releaseMsmMemory();
  return nullptr;
}

napi_value memory(napi_env env, napi_callback_info) {
  napi_value report;
  check(napi_create_object(env, &report));
  setProperty(env, report, "usedBytes", makeNumber(env, static_cast<double>(MemoryAccount::used())));
  setProperty(env, report, "peakBytes", makeNumber(env, static_cast<double>(MemoryAccount::peak())));
  return report;
}

}  // namespace

void registerPool(napi_env env, napi_value exports) {
  exportFunction<openPool>(env, exports, "openPool");
  exportFunction<closePool>(env, exports, "closePool");
  exportFunction<memory>(env, exports, "memory");
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
