// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>

#include "cpu/features.hpp"

int main() {
  const phalanx::CpuFeatures features = phalanx::cpuFeatures();
  std::printf("portable sanitized%s%s\n", features.adx ? " adx" : "", features.ifma ? " ifma" : "");
}
