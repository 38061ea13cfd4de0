// SPDX-License-Identifier: GPL-3.0-or-later
#include "napi.hpp"

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

void throwToJs(napi_env env, const std::exception& error) {
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw(env, toJsError(env, error));
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
