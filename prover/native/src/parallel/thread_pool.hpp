// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

#include "../path.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * A fixed number of threads that share the indices of a loop. The thread that calls `run` is one of them.
 *
 * Several threads may call `run`: their loops take turns, each with every thread. A loop's body must not call `run`.
 */
class ThreadPool {
 public:
  /** @param threads including the one that calls `run`; 0 counts as 1. @throws std::system_error */
  explicit ThreadPool(unsigned threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  unsigned threads() const noexcept { return static_cast<unsigned>(workers_.size()) + 1; }

  /**
   * Calls body(index, thread) for every index in [0, count), handed out in rising order, and returns when all are
   * done. `thread` is in [0, threads()) and is the same for no two calls at one moment: an index of scratch memory.
   * @throws what a body threw first; then indices not yet handed out are left out
   * @throws std::logic_error when called from a body
   */
  template <class Body>
  void run(size_t count, Body&& body) {
    using Plain = std::remove_reference_t<Body>;
    dispatch({count, const_cast<void*>(static_cast<const void*>(std::addressof(body))),
              [](void* context, size_t index, unsigned thread) { (*static_cast<Plain*>(context))(index, thread); }});
  }

 private:
  /** A loop without its type: no allocation, as it lives only as long as the call of `run`. */
  struct Loop {
    size_t count = 0;
    void* context = nullptr;
    void (*body)(void* context, size_t index, unsigned thread) = nullptr;
  };

  void dispatch(const Loop& loop);
  void work(unsigned thread) noexcept;
  void serve(unsigned thread) noexcept;
  void stop() noexcept;

  std::mutex callers_;
  Loop loop_;
  std::atomic<size_t> next_{0};
  // Threads wait on these two, so they are as wide as a futex.
  std::atomic<uint32_t> round_{0};
  std::atomic<uint32_t> busy_{0};
  std::atomic<bool> stopping_{false};
  std::mutex failureLock_;
  std::exception_ptr failure_;
  std::vector<std::thread> workers_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
