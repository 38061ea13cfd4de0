// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <exception>

#include "../path.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Thrown by work that was told to end early. */
class Cancelled : public std::exception {
 public:
  const char* what() const noexcept override { return "cancelled"; }
};

/** A wish, from any thread, that some work end early. Long work looks every few milliseconds. */
class CancelToken {
 public:
  void cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }

  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_relaxed); }

  /** @throws Cancelled */
  void check() const {
    if (cancelled()) throw Cancelled();
  }

 private:
  std::atomic<bool> cancelled_{false};
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
