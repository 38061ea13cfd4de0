// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../path.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/// What this processor has, and the operating system lets programs use.
struct CpuFeatures {
  /// mulx, adcx, adox and AVX2, which the `adx` build is compiled for
  bool adx;
  /// AVX-512 F, DQ, BW, VL, IFMA, VBMI and VBMI2 besides, which the `ifma` build is compiled for
  bool ifma;
};

/// Asks the processor. Always false on others than x86-64.
CpuFeatures cpuFeatures();

}  // namespace PHALANX_PATH
}  // namespace phalanx
