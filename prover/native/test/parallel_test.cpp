// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../src/parallel/cancel_token.hpp"
#include "../src/parallel/huge_buffer.hpp"
#include "../src/parallel/progress.hpp"
#include "../src/parallel/thread_pool.hpp"
#include "check.hpp"

using namespace phalanx;

namespace {

void everyIndexOnce(unsigned threads) {
  ThreadPool pool(threads);
  CHECK(pool.threads() == (threads == 0 ? 1 : threads));
  for (const size_t count : {0, 1, 2, 3, 7, 1000}) {
    std::vector<std::atomic<int>> calls(count);
    std::vector<std::atomic<int>> inside(pool.threads());
    pool.run(count, [&](size_t i, unsigned thread) {
      CHECK(thread < pool.threads());
      CHECK(inside[thread].fetch_add(1) == 0);
      calls[i]++;
      inside[thread]--;
    });
    for (const auto& n : calls) CHECK(n == 1);
  }
}

void manyShortLoops() {
  ThreadPool pool(3);
  std::atomic<uint64_t> sum{0};
  for (int round = 0; round < 20000; round++) pool.run(4, [&](size_t i, unsigned) { sum += i; });
  CHECK(sum == 20000 * 6);
}

/** Two threads must be inside at one moment, or this never ends. */
void threadsRunTogether() {
  ThreadPool pool(2);
  std::atomic<int> inside{0};
  pool.run(2, [&](size_t, unsigned) {
    inside++;
    while (inside < 2) std::this_thread::yield();
  });
}

void exceptionsReachTheCaller() {
  ThreadPool pool(4);
  long total = 0;
  for (int round = 0; round < 200; round++) {
    std::atomic<int> calls{0};
    bool thrown = false;
    try {
      pool.run(100000, [&](size_t i, unsigned) {
        calls++;
        if (i == 5) throw std::runtime_error("five");
      });
    } catch (const std::runtime_error& error) {
      thrown = std::string("five") == error.what();
    }
    CHECK(thrown);
    total += calls;
  }
  // A round may be over before the exception is seen, but not all of them.
  CHECK(total < 200L * 100000);
  int after = 0;
  pool.run(1, [&](size_t, unsigned) { after++; });
  CHECK(after == 1);
}

void nestingIsRefused() {
  ThreadPool pool(2);
  bool refused = false;
  try {
    pool.run(2, [&](size_t, unsigned) { pool.run(1, [](size_t, unsigned) {}); });
  } catch (const std::logic_error&) {
    refused = true;
  }
  CHECK(refused);
}

void callersTakeTurns() {
  ThreadPool pool(2);
  std::atomic<int> total{0};
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; c++)
    callers.emplace_back([&] {
      for (int round = 0; round < 500; round++) {
        int mine[8] = {};
        pool.run(8, [&](size_t i, unsigned) { mine[i]++; });
        for (const int n : mine) total += n;
      }
    });
  for (std::thread& caller : callers) caller.join();
  CHECK(total == 4 * 500 * 8);
}

void cancelling() {
  ThreadPool pool(2);
  CancelToken token;
  token.check();
  bool cancelled = false;
  std::atomic<int> calls{0};
  try {
    pool.run(1000, [&](size_t i, unsigned) {
      token.check();
      if (i == 10) token.cancel();
      calls++;
    });
  } catch (const Cancelled&) {
    cancelled = true;
  }
  CHECK(cancelled && token.cancelled() && calls < 1000);
}

void buffers() {
  const size_t before = MemoryAccount::used();
  {
    HugeBuffer<uint64_t> none;
    HugeBuffer<uint64_t> empty(0);
    CHECK(none.data() == nullptr && empty.size() == 0 && empty.bytes() == 0);
    HugeBuffer<uint64_t> small(3);
    CHECK(reinterpret_cast<uintptr_t>(small.data()) % 64 == 0);
    HugeBuffer<uint64_t> one(1 << 20), two(1 << 20);
    CHECK(one.bytes() >= size_t{8} << 20);
    CHECK(reinterpret_cast<uintptr_t>(one.data()) % 64 == 0);
    CHECK((reinterpret_cast<uintptr_t>(one.data()) - reinterpret_cast<uintptr_t>(two.data())) % (1 << 20) != 0);
    std::memset(one.data(), 0xab, one.size() * sizeof(uint64_t));
    CHECK(MemoryAccount::used() == before + small.bytes() + one.bytes() + two.bytes());
    CHECK(MemoryAccount::peak() >= MemoryAccount::used());
    HugeBuffer<uint64_t> moved(std::move(one));
    CHECK(one.data() == nullptr && one.size() == 0 && moved[(1 << 20) - 1] == 0xabababababababab);
    two = std::move(moved);
    CHECK(two[0] == 0xabababababababab && two.span().size() == 1 << 20);
    bool refused = false;
    try {
      HugeBuffer<uint64_t> vast(SIZE_MAX / 4);
    } catch (const std::bad_alloc&) {
      refused = true;
    }
    CHECK(refused);
  }
  CHECK(MemoryAccount::used() == before);
}

}  // namespace

int main() {
  for (const unsigned threads : {0, 1, 2, 5}) everyIndexOnce(threads);
  manyShortLoops();
  threadsRunTogether();
  exceptionsReachTheCaller();
  nestingIsRefused();
  callersTakeTurns();
  cancelling();
  buffers();
  std::puts("ok parallel");
}
