// SPDX-License-Identifier: GPL-3.0-or-later
// Multi-scalar products: the sum of scalar[i] * point[i].
//
// Pippenger's method with signed digits. Buckets are filled, and then summed, by batches of affine additions.
#pragma once

#include <span>
#include <utility>

#include "../parallel/cancel_token.hpp"
#include "prepared_points.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Choices that are otherwise made from the number of points; for measurements and tests. */
struct MsmOptions {
  /** Width of the widest window in bits, 4 to 16; 0 for the best known. */
  unsigned windowWidth = 0;
};

/**
 * The sum of scalars[i] * points[i]. The time taken tells much about the scalars.
 * @param scalars canonical, below r; one for each of the original points
 * @throws std::invalid_argument when their number differs; std::bad_alloc; Cancelled
 */
template <class F>
JacobianPoint<F> msm(const PreparedPoints<F>& points, std::span<const Words> scalars, ThreadPool& pool,
                     const CancelToken& cancel, const MsmOptions& options = {});

/**
 * Both sums for the same scalars; digits and their order are worked out once where the same points are infinite in
 * both.
 */
std::pair<JacobianPoint<Fq>, JacobianPoint<Fq2>> msmPair(const PreparedPoints<Fq>& points1,
                                                         const PreparedPoints<Fq2>& points2,
                                                         std::span<const Words> scalars, ThreadPool& pool,
                                                         const CancelToken& cancel, const MsmOptions& options = {});

/** Give back the working memory that products keep for the next one. Those that run keep theirs. */
void releaseMsmMemory();

extern template JacobianPoint<Fq> msm(const PreparedPoints<Fq>&, std::span<const Words>, ThreadPool&,
                                      const CancelToken&, const MsmOptions&);
extern template JacobianPoint<Fq2> msm(const PreparedPoints<Fq2>&, std::span<const Words>, ThreadPool&,
                                       const CancelToken&, const MsmOptions&);

}  // namespace PHALANX_PATH
}  // namespace phalanx
