// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "../field/lanes.hpp"
#include "window_plan.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Signed digits of `scalars` at `plan`'s windows: digit w of scalar i goes to rows[w * stride + i]. Branching on a
 * digit's sign would cost four times as much as all of this.
 */
inline void extractDigits(const WindowPlan& plan, std::span<const Words> scalars, int16_t* rows, size_t stride) {
  const size_t windows = plan.windows.size();
  size_t i = 0;
#if defined(PHALANX_IFMA)
  for (; i + 8 <= scalars.size(); i += 8) {
    const uint64_t* address[8];
    for (size_t l = 0; l < 8; l++) address[l] = scalars[i + l].data();
    __m512i s[5];
    limbs::gatherWords(s, address);
    s[4] = _mm512_setzero_si512();
    __m512i carry = s[4];
    for (int k = 0; k < 4; k++) {
      const __m512i sum = _mm512_add_epi64(s[k], limbs::splat(plan.constant[k]));
      const __m512i withCarry = _mm512_add_epi64(sum, carry);
      const __mmask8 overflow = _mm512_cmplt_epu64_mask(sum, s[k]) | _mm512_cmplt_epu64_mask(withCarry, sum);
      s[k] = withCarry;
      carry = _mm512_maskz_set1_epi64(overflow, 1);
    }
    for (size_t w = 0; w < windows; w++) {
      const auto [offset, width] = plan.windows[w];
      const unsigned word = offset / 64, shift = offset % 64;
      const __m512i bits = _mm512_shrdv_epi64(s[word], s[word + 1], limbs::splat(shift));
      const __m512i digit = _mm512_sub_epi64(_mm512_and_si512(bits, limbs::splat((uint64_t{1} << width) - 1)),
                                             limbs::splat(uint64_t{1} << (width - 1)));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(rows + w * stride + i), _mm512_cvtepi64_epi16(digit));
    }
  }
#endif
  for (; i < scalars.size(); i++) {
    const Words s = addWords(scalars[i], plan.constant);
    for (size_t w = 0; w < windows; w++) {
      const auto [offset, width] = plan.windows[w];
      const unsigned word = offset / 64, shift = offset % 64;
      uint64_t bits = s[word] >> shift;
      if (shift + width > 64) bits |= s[word + 1] << (64 - shift);
      const uint64_t mask = (uint64_t{1} << width) - 1;
      rows[w * stride + i] =
          static_cast<int16_t>(static_cast<int64_t>(bits & mask) - static_cast<int64_t>(uint64_t{1} << (width - 1)));
    }
  }
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
