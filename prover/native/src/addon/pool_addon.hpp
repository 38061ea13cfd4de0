// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../parallel/thread_pool.hpp"
#include "handle.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Threads that jobs share: `openPool(threads)` and `closePool(pool)` in JavaScript. */
template <>
struct HandleTag<ThreadPool> {
  static constexpr napi_type_tag value{0x6f0d5a3bd2c94c18, 0x9a1e7c5540b3f6d2};
};

/** Adds `openPool`, `closePool` and `memory`. */
void registerPool(napi_env env, napi_value exports);

}  // namespace PHALANX_PATH
}  // namespace phalanx
