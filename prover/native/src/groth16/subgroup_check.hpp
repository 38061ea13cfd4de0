// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "../curve/point.hpp"
#include "../msm/prepared_points.hpp"
#include "../parallel/cancel_token.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Are all these points of G2's curve in its subgroup of order r?
 *
 * The curve has r times a cofactor of points, whose least prime factor is 10069. A sum of the points with random 15-bit
 * factors lies in the subgroup although one of them does not with a chance of at most 4 in 2^15; eight independent
 * sums, of at most 2^-104. A sum costs one window of a product: thousands of times less than to ask each point.
 * @param points the same as in `prepared`
 * @return a point that is outside, or points.size()
 */
size_t findOutsideSubgroup(std::span<const AffineG2> points, const PreparedPoints<Fq2>& prepared, ThreadPool& pool,
                           const CancelToken& cancel);

}  // namespace PHALANX_PATH
}  // namespace phalanx
