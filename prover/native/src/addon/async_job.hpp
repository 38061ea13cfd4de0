// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "../parallel/cancel_token.hpp"
#include "../parallel/progress.hpp"
#include "napi.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Work off the event loop: `run` on a thread of libuv's pool, everything else on JavaScript's thread. */
class AsyncJob {
 public:
  virtual ~AsyncJob() = default;

  /** Must not touch JavaScript. What it throws rejects the promise; `Cancelled` does so with code CANCELLED. */
  virtual void run(const CancelToken& cancel, const Progress& progress) = 0;

  /** What the promise is fulfilled with, once `run` is over. */
  virtual napi_value result(napi_env env) = 0;

  /**
   * Is the memory of the input given back once the job is over, rather than when JavaScript collects it? Of an array
   * that is only a part of its memory, as a small Buffer is, it never is.
   */
  virtual bool consumesInput() const { return false; }
};

/**
 * Start a job.
 * @param input an object of JavaScript that the job reads; kept alive until the job is over. Its memory must not be
 *   transferred to another thread meanwhile.
 * @param onProgress a function of JavaScript that hears a fraction, or undefined. Some calls may come after the
 * promise.
 * @return { done: Promise, cancel(): void } of JavaScript
 */
napi_value startJob(napi_env env, const char* name, std::unique_ptr<AsyncJob> job, napi_value input,
                    napi_value onProgress);

}  // namespace PHALANX_PATH
}  // namespace phalanx
