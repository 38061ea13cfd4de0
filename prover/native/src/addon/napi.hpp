// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <node_api.h>

#include <cstdint>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "../error.hpp"
#include "../path.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/// A call into Node failed; it may have left a JavaScript exception pending.
struct NapiFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// @throws NapiFailure unless the call succeeded
inline void check(napi_status status) {
  if (status != napi_ok) throw NapiFailure("Node-API call failed with status " + std::to_string(status));
}

/// The JavaScript error for a C++ one.
napi_value toJsError(napi_env env, const std::exception& error);

/// Throw a C++ error into JavaScript, unless one is pending there already. Called from C, through which nothing may be
/// thrown.
void throwToJs(napi_env env, const std::exception& error) noexcept;

/// Arguments of a call from JavaScript; those left out are undefined.
std::vector<napi_value> arguments(napi_env env, napi_callback_info info, size_t count);

void setProperty(napi_env env, napi_value object, const char* name, napi_value value);
napi_value makeString(napi_env env, const std::string& text);
napi_value makeNumber(napi_env env, double value);
napi_value makeBoolean(napi_env env, bool value);
napi_value makeUndefined(napi_env env);
/** A Uint8Array with a copy of these bytes. */
napi_value makeBytes(napi_env env, std::span<const uint8_t> bytes);

/** @throws CodedError INVALID_ARGUMENT */
bool booleanOf(napi_env env, napi_value value);

/** The memory of a Uint8Array, which must be kept alive while it is used. @throws CodedError INVALID_ARGUMENT */
std::span<uint8_t> bytesOf(napi_env env, napi_value value);

/// Export `Function(env, info)` under a name; what it throws is thrown in JavaScript.
template <napi_value (*Function)(napi_env, napi_callback_info)>
void exportFunction(napi_env env, napi_value exports, const char* name) {
  const auto guarded = [](napi_env callEnv, napi_callback_info info) -> napi_value {
    try {
      return Function(callEnv, info);
    } catch (const std::exception& error) {
      throwToJs(callEnv, error);
      return nullptr;
    }
  };
  napi_value function;
  check(napi_create_function(env, name, NAPI_AUTO_LENGTH, guarded, nullptr, &function));
  setProperty(env, exports, name, function);
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
