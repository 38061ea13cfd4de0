// SPDX-License-Identifier: GPL-3.0-or-later
// Multi-scalar products against double-and-add, on ordinary points and on every kind of trouble.
#include "msm/msm.hpp"

#include <vector>

#include "check.hpp"
#include "msm/window_plan.hpp"
#include "random.hpp"

using namespace phalanx;
using phalanx_test::random64;
using phalanx_test::randomScalar;

namespace {

template <class F>
AffinePoint<F> generator();
template <>
AffineG1 generator() {
  return generatorG1;
}
template <>
AffineG2 generator() {
  return generatorG2;
}

/** Distinct points: multiples of one, by a chain of sums. */
template <class F>
std::vector<AffinePoint<F>> somePoints(size_t count) {
  std::vector<AffinePoint<F>> points(count);
  std::vector<JacobianPoint<F>> sums(count);
  std::vector<F> z(count);
  JacobianPoint<F> sum = mul(generator<F>(), randomScalar());
  const AffinePoint<F> step = toAffine(mul(generator<F>(), randomScalar()));
  for (size_t i = 0; i < count; i++) {
    sums[i] = sum;
    z[i] = sum.z;
    sum = add(sum, step);
  }
  invertBatch(std::span<F>(z));
  for (size_t i = 0; i < count; i++) {
    const F zz = sqr(z[i]);
    points[i] = {mul(sums[i].x, zz), mul(sums[i].y, mul(zz, z[i]))};
  }
  return points;
}

template <class F>
JacobianPoint<F> naive(const std::vector<AffinePoint<F>>& points, const std::vector<Words>& scalars) {
  JacobianPoint<F> sum = JacobianPoint<F>::infinity();
  for (size_t i = 0; i < points.size(); i++) sum = add(sum, mul(points[i], scalars[i]));
  return sum;
}

/** What sum the product has with every number of threads and each of some widths. */
template <class F>
void expect(const std::vector<AffinePoint<F>>& points, const std::vector<Words>& scalars, const JacobianPoint<F>& sum,
            std::vector<unsigned> widths) {
  const CancelToken cancel;
  for (const unsigned threads : {1u, 2u, 3u}) {
    ThreadPool pool(threads);
    const PreparedPoints<F> prepared(points, pool);
    for (const unsigned width : widths) CHECK(msm<F>(prepared, scalars, pool, cancel, {width}) == sum);
  }
}

template <class F>
void agreesOnSmallSizes() {
  for (const size_t size : {0, 1, 2, 3, 7, 8, 9, 31, 33, 100}) {
    const auto points = somePoints<F>(size);
    std::vector<Words> scalars(size);
    for (Words& s : scalars) s = randomScalar();
    expect(points, scalars, naive(points, scalars), {0, 4, 5, 8});
  }
}

template <class F>
void agreesOnSpecialScalars() {
  const Words rMinus1 = subWords(FrParameters::p, Words{1, 0, 0, 0});
  const std::vector<Words> special{Words{},           Words{1, 0, 0, 0}, Words{2, 0, 0, 0},
                                   rMinus1,           Words{0, 1, 0, 0}, Words{~uint64_t{0}, 0, 0, 0},
                                   {0, 0, 0, 1 << 29}, Words{1, 0, 0, 1}, subWords(rMinus1, Words{1, 0, 0, 0})};
  for (const Words& only : special) {
    const auto points = somePoints<F>(45);
    const std::vector<Words> scalars(points.size(), only);
    expect(points, scalars, naive(points, scalars), {0, 5});
  }
  const auto points = somePoints<F>(400);
  std::vector<Words> scalars(points.size());
  for (Words& s : scalars) s = special[random64() % special.size()];
  expect(points, scalars, naive(points, scalars), {0, 4, 7, 16});
}

/** Equal points meet in a bucket and must be doubled, opposite ones cancel, and infinite ones are left out. */
template <class F>
void agreesOnSpecialPoints() {
  for (const size_t different : {1, 2, 5}) {
    const auto few = somePoints<F>(different);
    for (const size_t size : {2, 9, 64, 300}) {
      std::vector<AffinePoint<F>> points(size);
      std::vector<Words> scalars(size), equal(size, randomScalar());
      for (size_t i = 0; i < size; i++) {
        points[i] = few[random64() % different];
        if (random64() & 1) points[i] = neg(points[i]);
        if (random64() % 4 == 0) points[i] = AffinePoint<F>::infinity();
        scalars[i] = randomScalar();
      }
      expect(points, scalars, naive(points, scalars), {0, 4});
      expect(points, equal, naive(points, equal), {0, 4});
      const std::vector<Words> ones(size, Words{1, 0, 0, 0});
      expect(points, ones, naive(points, ones), {0});
    }
  }
}

/** All points equal: almost every addition is a doubling. All infinite: nothing is left. */
template <class F>
void agreesOnUniformPoints() {
  const std::vector<AffinePoint<F>> same(300, generator<F>());
  std::vector<Words> scalars(same.size());
  for (Words& s : scalars) s = randomScalar();
  expect(same, scalars, naive(same, scalars), {0, 4, 6});
  const std::vector<AffinePoint<F>> none(300, AffinePoint<F>::infinity());
  expect(none, scalars, JacobianPoint<F>::infinity(), {0, 6});
}

/** Sizes that fill whole chunks: against another width of windows, and against the sum of the two halves. */
template <class F>
void agreesOnLargeSizes(size_t size) {
  auto points = somePoints<F>(size);
  std::vector<Words> scalars(size);
  for (Words& s : scalars) {
    s = randomScalar();
    if (random64() % 4 == 0) s = {random64() & 1, 0, 0, 0};
    if (random64() % 8 == 0) s = {random64() % 1000, 0, 0, 0};
  }
  for (size_t i = 0; i < size; i += 97) points[i] = AffinePoint<F>::infinity();
  // Equal points with equal scalars, next to each other and far apart.
  for (size_t i = 0; i + 2 < size; i += 1001) {
    points[i + 1] = points[i];
    points[i + 2] = neg(points[size - 1 - i]);
    scalars[i + 1] = scalars[i];
    scalars[i + 2] = scalars[size - 1 - i];
  }
  const CancelToken cancel;
  ThreadPool pool(2);
  const std::span<const AffinePoint<F>> all(points);
  const std::span<const Words> allScalars(scalars);
  const PreparedPoints<F> low(all.first(size / 2), pool), high(all.subspan(size / 2), pool);
  const auto sum = add(msm<F>(low, allScalars.first(size / 2), pool, cancel, {9}),
                       msm<F>(high, allScalars.subspan(size / 2), pool, cancel, {7}));
  expect(points, scalars, sum, {0, 11});
}

}  // namespace

TEST(small_sizes) {
  agreesOnSmallSizes<Fq>();
  agreesOnSmallSizes<Fq2>();
}

TEST(special_scalars) {
  agreesOnSpecialScalars<Fq>();
  agreesOnSpecialScalars<Fq2>();
}

TEST(special_points) {
  agreesOnSpecialPoints<Fq>();
  agreesOnSpecialPoints<Fq2>();
}

TEST(uniform_points) {
  agreesOnUniformPoints<Fq>();
  agreesOnUniformPoints<Fq2>();
}

TEST(large_sizes) {
#if defined(PHALANX_SANITIZED)
  agreesOnLargeSizes<Fq>(3000);
  agreesOnLargeSizes<Fq2>(1500);
#else
  agreesOnLargeSizes<Fq>(size_t{1} << 16);
  agreesOnLargeSizes<Fq2>(20000);
#endif
}

TEST(pair_equals_both) {
  ThreadPool pool(2);
  const CancelToken cancel;
  for (const bool sameInfinities : {true, false}) {
    auto points1 = somePoints<Fq>(700);
    auto points2 = somePoints<Fq2>(700);
    points1[5] = AffineG1::infinity();
    points2[sameInfinities ? 5 : 6] = AffineG2::infinity();
    std::vector<Words> scalars(700);
    for (Words& s : scalars) s = random64() % 3 == 0 ? Words{random64() & 1, 0, 0, 0} : randomScalar();
    const PreparedPoints<Fq> prepared1(points1, pool);
    const PreparedPoints<Fq2> prepared2(points2, pool);
    const auto [sum1, sum2] = msmPair(prepared1, prepared2, scalars, pool, cancel);
    CHECK(sum1 == msm<Fq>(prepared1, scalars, pool, cancel));
    CHECK(sum2 == msm<Fq2>(prepared2, scalars, pool, cancel));
    CHECK(sum1 == naive(points1, scalars) && sum2 == naive(points2, scalars));
  }
}

TEST(cancelled) {
  ThreadPool pool(2);
  CancelToken cancel;
  const auto points = somePoints<Fq>(5000);
  const PreparedPoints<Fq> prepared(points, pool);
  const std::vector<Words> scalars(5000, randomScalar());
  cancel.cancel();
  bool thrown = false;
  try {
    msm<Fq>(prepared, scalars, pool, cancel);
  } catch (const Cancelled&) {
    thrown = true;
  }
  CHECK(thrown);
}

TEST(number_of_scalars) {
  ThreadPool pool(1);
  const auto points = somePoints<Fq>(3);
  const PreparedPoints<Fq> prepared(points, pool);
  bool thrown = false;
  try {
    msm<Fq>(prepared, std::vector<Words>(2), pool, CancelToken());
  } catch (const std::invalid_argument&) {
    thrown = true;
  }
  CHECK(thrown);
}

TEST(memory_is_counted) {
  ThreadPool pool(1);
  releaseMsmMemory();
  const size_t before = MemoryAccount::used();
  {
    const auto points = somePoints<Fq>(1000);
    const PreparedPoints<Fq> prepared(points, pool);
    CHECK(prepared.bytes() >= 64 * 1000 && MemoryAccount::used() == before + prepared.bytes());
    const std::vector<Words> scalars(1000, randomScalar());
    msm<Fq>(prepared, scalars, pool, CancelToken());
    CHECK(MemoryAccount::used() > before + prepared.bytes());
  }
  releaseMsmMemory();
  CHECK(MemoryAccount::used() == before);
}

TEST_MAIN
