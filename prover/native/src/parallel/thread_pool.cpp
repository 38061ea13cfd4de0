// SPDX-License-Identifier: GPL-3.0-or-later
#include "thread_pool.hpp"

#include <stdexcept>
#include <utility>

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

/** This thread is inside some pool's loop, where a second loop would wait for itself. */
thread_local bool insideLoop = false;

// Loops follow each other within microseconds in a proof; falling asleep and waking takes tens of them.
constexpr int SPINS = 1000;

void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/** Returns when `value` is no longer `old`. */
void awaitChange(const std::atomic<uint32_t>& value, uint32_t old) noexcept {
  for (int i = 0; i < SPINS; i++) {
    if (value.load(std::memory_order_acquire) != old) return;
    relax();
  }
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

ThreadPool::ThreadPool(unsigned threads) {
  try {
    if (threads > 1) workers_.reserve(threads - 1);
    for (unsigned i = 1; i < threads; i++) workers_.emplace_back([this, i] { serve(i); });
  } catch (...) {
    stop();
    throw;
  }
}

ThreadPool::~ThreadPool() { stop(); }

void ThreadPool::stop() noexcept {
  stopping_.store(true, std::memory_order_release);
  round_.fetch_add(1, std::memory_order_acq_rel);
  round_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::dispatch(const Loop& loop) {
  if (insideLoop) throw std::logic_error("a loop inside a loop of a thread pool");
  if (loop.count == 0) return;
  const std::lock_guard turn(callers_);
  loop_ = loop;
  next_.store(0, std::memory_order_relaxed);
  // A single index is not worth waking anybody.
  const bool shared = loop.count > 1 && !workers_.empty();
  if (shared) {
    busy_.store(static_cast<uint32_t>(workers_.size()), std::memory_order_relaxed);
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
  }
  work(0);
  // Also those that found no index must have left this loop before the next one is written over it.
  if (shared)
    for (uint32_t left; (left = busy_.load(std::memory_order_acquire)) != 0;) awaitChange(busy_, left);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadPool::work(unsigned thread) noexcept {
  insideLoop = true;
  try {
    for (size_t i; (i = next_.fetch_add(1, std::memory_order_relaxed)) < loop_.count;)
      loop_.body(loop_.context, i, thread);
  } catch (...) {
    next_.store(loop_.count, std::memory_order_relaxed);
    const std::lock_guard lock(failureLock_);
    if (!failure_) failure_ = std::current_exception();
  }
  insideLoop = false;
}

void ThreadPool::serve(unsigned thread) noexcept {
  for (uint32_t seen = 0;;) {
    awaitChange(round_, seen);
    // Every round waits for every worker, so none can be missed.
    seen++;
    if (stopping_.load(std::memory_order_acquire)) return;
    work(thread);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
