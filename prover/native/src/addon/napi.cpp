// SPDX-License-Identifier: GPL-3.0-or-later
#include "napi.hpp"

#include <cstring>
#include <new>

namespace phalanx {
inline namespace PHALANX_PATH {

napi_value toJsError(napi_env env, const std::exception& error) {
  const char* code = "INTERNAL";
  std::string message = error.what();
  if (const auto* coded = dynamic_cast<const CodedError*>(&error)) code = coded->code();
  if (dynamic_cast<const std::bad_alloc*>(&error)) {
    code = "OUT_OF_MEMORY";
    message = "not enough memory";
  }
  napi_value value;
  check(napi_create_error(env, makeString(env, code), makeString(env, message), &value));
  return value;
}

void throwToJs(napi_env env, const std::exception& error) noexcept {
  bool pending = false;
  if (napi_is_exception_pending(env, &pending) == napi_ok && pending) return;
  try {
    check(napi_throw(env, toJsError(env, error)));
  } catch (...) {
    // No memory for the message, or the environment is ending. This needs none of ours, and may fail in its turn.
    (void)napi_throw_error(env, "INTERNAL", "the native engine failed");
  }
}

std::vector<napi_value> arguments(napi_env env, napi_callback_info info, size_t count) {
  std::vector<napi_value> values(count);
  check(napi_get_cb_info(env, info, &count, values.data(), nullptr, nullptr));
  return values;
}

void setProperty(napi_env env, napi_value object, const char* name, napi_value value) {
  check(napi_set_named_property(env, object, name, value));
}

napi_value makeString(napi_env env, const std::string& text) {
  napi_value value;
  check(napi_create_string_utf8(env, text.data(), text.size(), &value));
  return value;
}

napi_value makeNumber(napi_env env, double number) {
  napi_value value;
  check(napi_create_double(env, number, &value));
  return value;
}

napi_value makeBoolean(napi_env env, bool truth) {
  napi_value value;
  check(napi_get_boolean(env, truth, &value));
  return value;
}

napi_value makeUndefined(napi_env env) {
  napi_value value;
  check(napi_get_undefined(env, &value));
  return value;
}

napi_value makeBytes(napi_env env, std::span<const uint8_t> bytes) {
  void* data;
  napi_value buffer, array;
  check(napi_create_arraybuffer(env, bytes.size(), &data, &buffer));
  if (!bytes.empty()) std::memcpy(data, bytes.data(), bytes.size());
  check(napi_create_typedarray(env, napi_uint8_array, bytes.size(), buffer, 0, &array));
  return array;
}

bool booleanOf(napi_env env, napi_value value) {
  bool truth;
  if (napi_get_value_bool(env, value, &truth) != napi_ok) throw CodedError("INVALID_ARGUMENT", "a boolean expected");
  return truth;
}

std::span<uint8_t> bytesOf(napi_env env, napi_value value) {
  napi_typedarray_type type;
  size_t length;
  void* data;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr) != napi_ok || type != napi_uint8_array)
    throw CodedError("INVALID_ARGUMENT", "a Uint8Array expected");
  return {static_cast<uint8_t*>(data), length};
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
