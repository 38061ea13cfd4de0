// SPDX-License-Identifier: GPL-3.0-or-later
#include "msm.hpp"

#include <limits>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <tuple>

#include "scalar_digits.hpp"
#include "window_sum.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

/** What one thread works with, for either group. */
struct Worker {
  Arena arena;
  BucketOrder order;
  WindowSum<Fq> sum1;
  WindowSum<Fq2> sum2;

  WindowSum<Fq>& sum(const Fq*) { return sum1; }
  WindowSum<Fq2>& sum(const Fq2*) { return sum2; }
  template <class F>
  WindowSum<F>& sum() {
    return sum(static_cast<const F*>(nullptr));
  }
};

/** Working memory of one product. */
struct Memory {
  Arena arena;
  std::vector<std::unique_ptr<Worker>> workers;
};

/** Memory between products. */
class MemoryShelf {
 public:
  std::unique_ptr<Memory> take(unsigned threads) {
    std::unique_ptr<Memory> memory;
    {
      const std::lock_guard lock(mutex_);
      memory = std::move(shelf_);
    }
    if (!memory) memory = std::make_unique<Memory>();
    while (memory->workers.size() < threads) memory->workers.push_back(std::make_unique<Worker>());
    return memory;
  }
  void giveBack(std::unique_ptr<Memory> memory) noexcept {
    const std::lock_guard lock(mutex_);
    // One product at a time is the rule; what a second one used goes back to the system.
    if (!shelf_) shelf_ = std::move(memory);
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    shelf_.reset();
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<Memory> shelf_;
};

MemoryShelf& shelf() {
  static MemoryShelf only;
  return only;
}

/** A product's memory, from the shelf and back to it. */
struct Lease {
  explicit Lease(unsigned threads) : memory(shelf().take(threads)) {}
  ~Lease() { shelf().giveBack(std::move(memory)); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  std::unique_ptr<Memory> memory;
};

/** A window, or an equal part of its buckets: what one thread does in one go. */
struct Task {
  size_t window, firstBucket, buckets;
};

/** Points with scalar 1 that one task sums. */
constexpr size_t ONES_BLOCK = 4096;

/** Nanoseconds (only their ratio matters) of one point in one window, and of one bucket: measured. */
constexpr double POINT_COST = 15, BUCKET_COST = LANES == 1 ? 13 : 22;

unsigned bestWidth(size_t points) {
  unsigned best = WindowPlan::MIN_WIDTH;
  double least = std::numeric_limits<double>::max();
  for (unsigned width = WindowPlan::MIN_WIDTH; width <= WindowPlan::MAX_WIDTH; width++) {
    const WindowPlan plan(width);
    double cost = 0;
    for (const auto& window : plan.windows)
      cost += static_cast<double>(points) * POINT_COST + static_cast<double>(window.half()) * BUCKET_COST;
    if (cost < least) {
      least = cost;
      best = width;
    }
  }
  return best;
}

/** Whole windows, as long as every thread has one; the rest cut up so that no thread waits long for another. */
std::vector<Task> divide(const WindowPlan& plan, unsigned threads) {
  constexpr size_t FEWEST_BUCKETS = 256;
  const size_t whole = plan.windows.size() / threads * threads, rest = plan.windows.size() - whole;
  size_t parts = 1;
  while (rest * parts % threads != 0 && rest * parts < 4 * size_t{threads}) parts *= 2;
  std::vector<Task> tasks;
  for (size_t w = 0; w < plan.windows.size(); w++) {
    const size_t half = plan.windows[w].half();
    size_t mine = w < whole ? 1 : parts;
    while (mine > 1 && half / mine < FEWEST_BUCKETS) mine /= 2;
    for (size_t p = 0; p < mine; p++) tasks.push_back({w, p * (half / mine), half / mine});
  }
  return tasks;
}

/** Sums points at `indices` into result. */
template <class F>
void sumOnes(const PreparedPoints<F>& points, std::span<const uint32_t> indices, Arena& arena, BitSums<F>& result) {
  constexpr size_t WORDS = POINT_WORDS<F>, EXTRA = PackedPoints<F>::EXTRA;
  const Arena::Scope scope(arena);
  const PackedPoints<F> copies{arena.take<uint64_t>((indices.size() + EXTRA) * WORDS),
                               arena.take<uint8_t>(indices.size() + EXTRA), indices.size()};
  std::vector<uint32_t> members(indices.size());
  for (size_t i = 0; i < indices.size(); i++) {
    std::copy_n(points.packed() + size_t{indices[i]} * WORDS, WORDS, copies.at(i));
    copies.infinite[i] = 0;
    members[i] = static_cast<uint32_t>(i);
  }
  typename PackedSum<F>::List list{0, static_cast<uint32_t>(indices.size())};
  PackedSum<F>().run(copies, members, {&list, 1}, BatchAddScratch<CoordinateLanes<F>>(arena));
  if (!copies.infinite[0]) result.add(0, copies.at(0));
}

template <class First, class... F>
std::tuple<JacobianPoint<First>, JacobianPoint<F>...> products(std::span<const Words> scalars, ThreadPool& pool,
                                                               const CancelToken& cancel, const MsmOptions& options,
                                                               const PreparedPoints<First>& base,
                                                               const PreparedPoints<F>&... others) {
  if (scalars.size() != base.originalSize())
    throw std::invalid_argument("a multi-scalar product needs one scalar for each point");
  cancel.check();
  const Lease lease(pool.threads());
  Memory* const memory = lease.memory.get();
  const Arena::Scope scope(memory->arena);
  ScalarDigits digits;
  digits.classify(base, scalars, pool);
  const WindowPlan plan(options.windowWidth != 0 ? options.windowWidth : bestWidth(digits.others()));
  digits.extract(base, scalars, plan, pool, memory->arena);

  const std::vector<Task> tasks = digits.others() == 0 ? std::vector<Task>() : divide(plan, pool.threads());
  const size_t onesTasks = (digits.ones().size() + ONES_BLOCK - 1) / ONES_BLOCK;
  using Sums = std::tuple<BitSums<First>, BitSums<F>...>;
  std::vector<Sums> sums(pool.threads());
  pool.run(tasks.size() + onesTasks, [&](size_t index, unsigned thread) {
    cancel.check();
    Worker& worker = *memory->workers[thread];
    Sums& into = sums[thread];
    if (index >= tasks.size()) {
      const size_t first = (index - tasks.size()) * ONES_BLOCK;
      const auto block = digits.ones().subspan(first, std::min(ONES_BLOCK, digits.ones().size() - first));
      sumOnes(base, block, worker.arena, std::get<0>(into));
      (sumOnes(others, block, worker.arena, std::get<BitSums<F>>(into)), ...);
      return;
    }
    const Task& task = tasks[index];
    const Arena::Scope taskScope(worker.arena);
    worker.order.build(digits.row(task.window), digits.otherPoints(), task.firstBucket, task.buckets, worker.arena);
    const auto add = [&](const auto& points, auto& result, auto& sum) {
      sum.run(points.packed(), worker.order, task.firstBucket, task.buckets, plan.windows[task.window].offset, result,
              worker.arena, cancel);
    };
    add(base, std::get<0>(into), worker.template sum<First>());
    (add(others, std::get<BitSums<F>>(into), worker.template sum<F>()), ...);
  });
  const auto total = [&]<class G>(const PreparedPoints<G>&) {
    const Arena::Scope totalScope(memory->workers[0]->arena);
    for (size_t t = 1; t < sums.size(); t++) std::get<BitSums<G>>(sums[0]).append(std::get<BitSums<G>>(sums[t]));
    return std::get<BitSums<G>>(sums[0]).total(BatchAddScratch<CoordinateLanes<G>>(memory->workers[0]->arena));
  };
  return {total(base), total(others)...};
}

}  // namespace

template <class F>
JacobianPoint<F> msm(const PreparedPoints<F>& points, std::span<const Words> scalars, ThreadPool& pool,
                     const CancelToken& cancel, const MsmOptions& options) {
  return std::get<0>(products(scalars, pool, cancel, options, points));
}

std::pair<JacobianPoint<Fq>, JacobianPoint<Fq2>> msmPair(const PreparedPoints<Fq>& points1,
                                                         const PreparedPoints<Fq2>& points2,
                                                         std::span<const Words> scalars, ThreadPool& pool,
                                                         const CancelToken& cancel, const MsmOptions& options) {
  if (!points1.sameSources(points2))
    return {msm(points1, scalars, pool, cancel, options), msm(points2, scalars, pool, cancel, options)};
  auto [sum1, sum2] = products(scalars, pool, cancel, options, points1, points2);
  return {sum1, sum2};
}

void releaseMsmMemory() { shelf().clear(); }

template JacobianPoint<Fq> msm(const PreparedPoints<Fq>&, std::span<const Words>, ThreadPool&, const CancelToken&,
                               const MsmOptions&);
template JacobianPoint<Fq2> msm(const PreparedPoints<Fq2>&, std::span<const Words>, ThreadPool&, const CancelToken&,
                                const MsmOptions&);

}  // namespace PHALANX_PATH
}  // namespace phalanx
