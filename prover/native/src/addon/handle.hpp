// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "napi.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Each kind of object that JavaScript may hold specialises this with a number of its own, chosen at random. */
template <class T>
struct HandleTag;

/**
 * A C++ object in JavaScript's hands: opaque, told from handles of other kinds, freed when closed or collected, and not
 * before the jobs that use it are over.
 */
template <class T>
napi_value makeHandle(napi_env env, std::shared_ptr<T> object) {
  napi_value handle;
  check(napi_create_object(env, &handle));
  check(napi_type_tag_object(env, handle, &HandleTag<T>::value));
  auto held = std::make_unique<std::shared_ptr<T>>(std::move(object));
  const auto forget = [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<T>*>(data); };
  check(napi_wrap(env, handle, held.get(), forget, nullptr, nullptr));
  (void)held.release();
  return handle;
}

template <class T>
std::shared_ptr<T>& slotOf(napi_env env, napi_value handle) {
  bool right = false;
  if (napi_check_object_type_tag(env, handle, &HandleTag<T>::value, &right) != napi_ok || !right)
    throw CodedError("INVALID_ARGUMENT", "not a handle of the kind that is asked for");
  void* data = nullptr;
  check(napi_unwrap(env, handle, &data));
  return *static_cast<std::shared_ptr<T>*>(data);
}

/** @throws CodedError when it is another handle or closed */
template <class T>
std::shared_ptr<T> openHandle(napi_env env, napi_value handle) {
  const std::shared_ptr<T> object = slotOf<T>(env, handle);
  if (!object) throw CodedError("INVALID_ARGUMENT", "the handle is closed");
  return object;
}

/** Let go of the object now rather than when the handle is collected. Closing twice is no error. */
template <class T>
void closeHandle(napi_env env, napi_value handle) {
  slotOf<T>(env, handle).reset();
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
