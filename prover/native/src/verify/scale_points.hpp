// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "batch_scalar.hpp"

#include <span>
#include <vector>

namespace phalanx {
inline namespace PHALANX_PATH {

/** scalars[i] * points[i], side by side where the processor can. No point is infinite, nor is any product. */
std::vector<JacobianG1> scalePoints(std::span<const AffineG1> points, std::span<const BatchScalar> scalars);

}  // namespace PHALANX_PATH
}  // namespace phalanx
