// SPDX-License-Identifier: GPL-3.0-or-later
#include "async_job.hpp"

#include <exception>

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

/** Everything that lives as long as a job does. */
struct Running {
  std::unique_ptr<AsyncJob> job;
  std::shared_ptr<CancelToken> cancel = std::make_shared<CancelToken>();
  std::exception_ptr failure;
  napi_async_work work = nullptr;
  napi_deferred deferred = nullptr;
  napi_ref input = nullptr;
  napi_threadsafe_function progress = nullptr;
};

void callProgress(napi_env env, napi_value function, void*, void* data) {
  const std::unique_ptr<double> fraction(static_cast<double*>(data));
  if (!env) return;  // the environment is being torn down
  napi_value undefined, number;
  if (napi_get_undefined(env, &undefined) != napi_ok || napi_create_double(env, *fraction, &number) != napi_ok) return;
  napi_call_function(env, undefined, function, 1, &number, nullptr);
}

Progress progressOf(Running& running) {
  if (!running.progress) return {};
  return [&running](double fraction) {
    auto data = std::make_unique<double>(fraction);
    if (napi_call_threadsafe_function(running.progress, data.get(), napi_tsfn_nonblocking) == napi_ok)
      (void)data.release();
  };
}

void execute(napi_env, void* data) {
  auto& running = *static_cast<Running*>(data);
  try {
    running.cancel->check();
    running.job->run(*running.cancel, progressOf(running));
  } catch (...) {
    running.failure = std::current_exception();
  }
}

napi_value errorOf(napi_env env, const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Cancelled&) {
    return toJsError(env, CodedError("CANCELLED", "cancelled"));
  } catch (const std::exception& error) {
    return toJsError(env, error);
  } catch (...) {
    return toJsError(env, std::runtime_error("unknown error"));
  }
}

/** Free the memory of a Uint8Array, which is empty from then on, unless others may have a part of that memory. */
void detach(napi_env env, napi_ref reference) {
  napi_value array, buffer;
  size_t length, whole;
  if (napi_get_reference_value(env, reference, &array) == napi_ok &&
      napi_get_typedarray_info(env, array, nullptr, &length, nullptr, &buffer, nullptr) == napi_ok &&
      napi_get_arraybuffer_info(env, buffer, nullptr, &whole) == napi_ok && length == whole)
    napi_detach_arraybuffer(env, buffer);
}

void complete(napi_env env, napi_status status, void* data) {
  const std::unique_ptr<Running> running(static_cast<Running*>(data));
  if (running->progress) napi_release_threadsafe_function(running->progress, napi_tsfn_release);
  napi_delete_async_work(env, running->work);
  if (running->job->consumesInput()) detach(env, running->input);
  napi_delete_reference(env, running->input);
  // Only at the end of the process is work given up before it has begun.
  if (status == napi_cancelled) return;
  try {
    napi_value value = nullptr;
    if (!running->failure) {
      try {
        value = running->job->result(env);
      } catch (...) {
        running->failure = std::current_exception();
        napi_value pending;
        (void)napi_get_and_clear_last_exception(env, &pending);
      }
    }
    // Frees what the job holds before anyone hears that it is over.
    running->job.reset();
    if (running->failure)
      check(napi_reject_deferred(env, running->deferred, errorOf(env, running->failure)));
    else
      check(napi_resolve_deferred(env, running->deferred, value));
  } catch (const std::exception& error) {
    throwToJs(env, error);
  }
}

napi_value jsCancel(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  if (napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data) == napi_ok)
    (*static_cast<std::shared_ptr<CancelToken>*>(data))->cancel();
  return nullptr;
}

napi_value makeCancel(napi_env env, const std::shared_ptr<CancelToken>& token) {
  auto held = std::make_unique<std::shared_ptr<CancelToken>>(token);
  napi_value function;
  check(napi_create_function(env, "cancel", NAPI_AUTO_LENGTH, jsCancel, held.get(), &function));
  const auto forget = [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<CancelToken>*>(data); };
  check(napi_add_finalizer(env, function, held.get(), forget, nullptr, nullptr));
  (void)held.release();
  return function;
}

}  // namespace

napi_value startJob(napi_env env, const char* name, std::unique_ptr<AsyncJob> job, napi_value input,
                    napi_value onProgress) {
  auto running = std::make_unique<Running>();
  running->job = std::move(job);
  napi_value label = makeString(env, name), started, promise;
  check(napi_create_object(env, &started));
  setProperty(env, started, "cancel", makeCancel(env, running->cancel));
  check(napi_create_reference(env, input, 1, &running->input));
  napi_valuetype type;
  check(napi_typeof(env, onProgress, &type));
  if (type == napi_function) {
    check(napi_create_threadsafe_function(env, onProgress, nullptr, label, 0, 1, nullptr, nullptr, nullptr, callProgress,
                                          &running->progress));
    // The job itself keeps the process alive.
    check(napi_unref_threadsafe_function(env, running->progress));
  }
  check(napi_create_promise(env, &running->deferred, &promise));
  setProperty(env, started, "done", promise);
  check(napi_create_async_work(env, nullptr, label, execute, complete, running.get(), &running->work));
  check(napi_queue_async_work(env, running->work));
  (void)running.release();  // `complete` takes it
  return started;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
