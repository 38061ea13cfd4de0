// SPDX-License-Identifier: GPL-3.0-or-later
#include "features.hpp"

#if defined(__x86_64__)
#include <cpuid.h>

#include <cstdint>
#endif

namespace phalanx {
inline namespace PHALANX_PATH {

#if defined(__x86_64__)

namespace {

struct Registers {
  unsigned a = 0, b = 0, c = 0, d = 0;
};

/// All zero for a leaf that the processor doesn't have.
Registers cpuid(unsigned leaf) {
  Registers r;
  __get_cpuid_count(leaf, 0, &r.a, &r.b, &r.c, &r.d);
  return r;
}

/// Register states that the operating system saves on a switch (XCR0); asked for only when OSXSAVE is set.
uint64_t savedStates() {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t{high} << 32 | low;
}

constexpr bool all(uint64_t value, uint64_t bits) { return (value & bits) == bits; }
constexpr uint64_t bit(unsigned n) { return uint64_t{1} << n; }

}  // namespace

// Bit numbers: Intel SDM volume 2A, CPUID; volume 1, 13.3 for XCR0.
CpuFeatures cpuFeatures() {
  constexpr uint64_t kFma = bit(12), kMovbe = bit(22), kPopcnt = bit(23), kOsxsave = bit(27), kAvx = bit(28), kF16c = bit(29);
  constexpr uint64_t kAesPclmul = bit(25) | bit(1);
  constexpr uint64_t kBmi1 = bit(3), kAvx2 = bit(5), kBmi2 = bit(8), kAdx = bit(19);
  constexpr uint64_t kAvx512 = bit(16) | bit(17) | bit(30) | bit(31) | bit(28) | bit(21);  // F, DQ, BW, VL, CD, IFMA
  // What -march=icelake-server lets the compiler use besides: VBMI, VBMI2, GFNI, VAES, VPCLMULQDQ, VNNI, BITALG,
  // VPOPCNTDQ
  constexpr uint64_t kAvx512More = bit(1) | bit(6) | bit(8) | bit(9) | bit(10) | bit(11) | bit(12) | bit(14);
  constexpr uint64_t kLzcnt = bit(5);
  constexpr uint64_t kYmm = 0x6, kZmm = 0xe6;

  const Registers basic = cpuid(1), extended = cpuid(7), amd = cpuid(0x80000001);
  if (!all(basic.c, kOsxsave)) return {false, false};
  const uint64_t states = savedStates();
  const bool adx = all(basic.c, kFma | kMovbe | kPopcnt | kAvx | kF16c) && all(extended.b, kBmi1 | kAvx2 | kBmi2 | kAdx) &&
                   all(amd.c, kLzcnt) && all(states, kYmm);
  const bool ifma = adx && all(basic.c, kAesPclmul) && all(extended.b, kAvx512) && all(extended.c, kAvx512More) &&
                    all(states, kZmm);
  return {adx, ifma};
}

#else

CpuFeatures cpuFeatures() { return {false, false}; }

#endif

}  // namespace PHALANX_PATH
}  // namespace phalanx
