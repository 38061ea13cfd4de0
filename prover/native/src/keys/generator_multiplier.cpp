// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator_multiplier.hpp"

#include <cstring>
#include <vector>

#include "../wipe.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

/** By measurement: tables of 34 and 36 MB, built in 20 and 60 ms. */
constexpr unsigned WINDOW_BITS_G1 = 16, WINDOW_BITS_G2 = 15;

/** One thread's memory for a block: the bytes of a caller are aligned to nothing. */
template <class F>
struct Block {
  std::vector<Words> scalars = std::vector<Words>(FixedBase<F>::BATCH);
  std::vector<AffinePoint<F>> points = std::vector<AffinePoint<F>>(FixedBase<F>::BATCH);
  typename FixedBase<F>::Workspace work;

  ~Block() { wipe(std::span(scalars)); }
};

template <class F>
void multiply(const FixedBase<F>& table, std::span<const uint8_t> scalars, std::span<uint8_t> points, ThreadPool& pool,
              const CancelToken& cancel) {
  constexpr size_t SCALAR_BYTES = GeneratorMultiplier::SCALAR_BYTES;
  constexpr size_t POINT_BYTES = sizeof(AffinePoint<F>);
  const size_t count = scalars.size() / SCALAR_BYTES;
  if (scalars.size() != count * SCALAR_BYTES || points.size() != count * POINT_BYTES)
    throw std::invalid_argument("one point for each scalar of 32 bytes expected");
  if (count == 0) return;
  // Equal blocks, as many for one thread as for another.
  const size_t full = (count + FixedBase<F>::BATCH - 1) / FixedBase<F>::BATCH, threads = pool.threads();
  const size_t blocks = (full + threads - 1) / threads * threads, size = (count + blocks - 1) / blocks;
  std::vector<std::unique_ptr<Block<F>>> memory(threads);
  pool.run(blocks, [&](size_t index, unsigned thread) {
    const size_t first = index * size;
    if (first >= count) return;
    const size_t n = std::min(size, count - first);
    cancel.check();
    if (!memory[thread]) memory[thread] = std::make_unique<Block<F>>();
    Block<F>& block = *memory[thread];
    std::memcpy(block.scalars.data(), scalars.data() + first * SCALAR_BYTES, n * SCALAR_BYTES);
    for (size_t i = 0; i < n; i++)
      if (!lessThan(block.scalars[i], FrParameters::p)) throw std::invalid_argument("a scalar is not below r");
    table.multiply(std::span(block.scalars).first(n), block.points.data(), block.work);
    std::memcpy(points.data() + first * POINT_BYTES, block.points.data(), n * POINT_BYTES);
  });
}

}  // namespace

void GeneratorMultiplier::multiplyG1(std::span<const uint8_t> scalars, std::span<uint8_t> points, ThreadPool& pool,
                                     const CancelToken& cancel) {
  multiply(g1_.get(generatorG1, WINDOW_BITS_G1, pool), scalars, points, pool, cancel);
}

void GeneratorMultiplier::multiplyG2(std::span<const uint8_t> scalars, std::span<uint8_t> points, ThreadPool& pool,
                                     const CancelToken& cancel) {
  multiply(g2_.get(generatorG2, WINDOW_BITS_G2, pool), scalars, points, pool, cancel);
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
