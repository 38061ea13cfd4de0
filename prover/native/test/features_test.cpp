// SPDX-License-Identifier: GPL-3.0-or-later
#include "cpu/features.hpp"

#include "check.hpp"

using namespace phalanx;

TEST(the_wider_path_needs_all_that_the_narrower_needs) {
  const CpuFeatures features = cpuFeatures();
  CHECK(!features.ifma || features.adx);
}

TEST(this_program_runs_only_where_its_path_may) {
#if defined(PHALANX_IFMA)
  CHECK(cpuFeatures().ifma);
#elif defined(PHALANX_ADX)
  CHECK(cpuFeatures().adx);
#endif
}

TEST_MAIN
