// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "parameters.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/*
 * Montgomery products with mulx, adcx and adox.
 *
 * A step of the reduction adds a multiple of p that clears the lowest word t0, and drops that word. The textbook takes
 * m = t0 * (-1/p) mod 2^64 and adds m*p. The first three steps here take a multiple N = p * (-1/p mod 2^64) of the
 * modulus instead, whose lowest word is 2^64 - 1. Then m is t0 itself, and (t + t0*N) / 2^64 is t / 2^64, rounded down,
 * plus t0 * `step`, where step = (N + 1) / 2^64 has four words: neither the product by -1/p, nor its latency. The last
 * step is the textbook's, as otherwise the result would have five words.
 *
 * Bounds. With T the number to be reduced, the result is below T/2^256 + step + p, up to 2^-60 p: m < 2^64, and the
 * third step stands one word below the end. step/p is (-1/p mod 2^64) / 2^64: 0.531 for q, 0.762 for r; p/2^256 is
 * 0.189. So for T < p^2 the result is below 1.96p, and for q also for T < 2q^2 (1.92q).
 */
// clang-format off

/** w4..w0 += rdx * x3..x0. Two carry chains: low halves in CF, high halves in OF. */
#define PHALANX_ROW(x0, x1, x2, x3, w0, w1, w2, w3, w4)                        \
  "xorl %k[lo], %k[lo]\n\t"                                                    \
  "mulxq " x0 ", %[lo], %[hi]\n\tadcxq %[lo], " w0 "\n\tadoxq %[hi], " w1 "\n\t" \
  "mulxq " x1 ", %[lo], %[hi]\n\tadcxq %[lo], " w1 "\n\tadoxq %[hi], " w2 "\n\t" \
  "mulxq " x2 ", %[lo], %[hi]\n\tadcxq %[lo], " w2 "\n\tadoxq %[hi], " w3 "\n\t" \
  "mulxq " x3 ", %[lo], %[hi]\n\tadcxq %[lo], " w3 "\n\tadoxq %[hi], " w4 "\n\t" \
  "adcq $0, " w4 "\n\t"

/** w4..w0 += y * a */
#define PHALANX_ADD_PRODUCT(y, w0, w1, w2, w3, w4) \
  "movq " y ", %%rdx\n\t" PHALANX_ROW("%[a0]", "%[a1]", "%[a2]", "%[a3]", w0, w1, w2, w3, w4)

/** w0 is cleared and becomes the highest word: w0 w4..w1 = w4..w1 + w0 * step */
#define PHALANX_STEP(w0, w1, w2, w3, w4)         \
  "movq " w0 ", %%rdx\n\txorq " w0 ", " w0 "\n\t" \
  PHALANX_ROW("%[s0]", "%[s1]", "%[s2]", "%[s3]", w1, w2, w3, w4, w0)

/** w4..w1 = (w4..w0 + m*p) / 2^64 */
#define PHALANX_LAST_STEP(w0, w1, w2, w3, w4)              \
  "movq " w0 ", %%rdx\n\timulq %[negInverse], %%rdx\n\t"    \
  PHALANX_ROW("%[p0]", "%[p1]", "%[p2]", "%[p3]", w0, w1, w2, w3, w4)

/** w3..w0 -= p if that is not negative; w3..w0 < 2p. x is free. */
#define PHALANX_SUBTRACT_P(w0, w1, w2, w3, x)                                                    \
  "movq " w0 ", %[lo]\n\tmovq " w1 ", %[hi]\n\tmovq " w2 ", %%rdx\n\tmovq " w3 ", " x "\n\t"      \
  "subq %[p0], %[lo]\n\tsbbq %[p1], %[hi]\n\tsbbq %[p2], %%rdx\n\tsbbq %[p3], " x "\n\t"          \
  "cmovncq %[lo], " w0 "\n\tcmovncq %[hi], " w1 "\n\tcmovncq %%rdx, " w2 "\n\tcmovncq " x ", " w3 "\n\t"

#define PHALANX_INPUTS_P [p0] "m"(P::p[0]), [p1] "m"(P::p[1]), [p2] "m"(P::p[2]), [p3] "m"(P::p[3])
#define PHALANX_INPUTS_REDUCTION                                                                           \
  PHALANX_INPUTS_P, [s0] "m"(P::step[0]), [s1] "m"(P::step[1]), [s2] "m"(P::step[2]), [s3] "m"(P::step[3]), \
  [negInverse] "m"(P::negInverse)

/** out = a * b / R mod p. a * b < p^2, or < 2q^2 for q; out may be a or b. */
template <class P>
inline void mulAdx(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]) {
  uint64_t t0, t1, t2, t3, t4, lo, hi;
  asm("movq %[b0], %%rdx\n\t"
      "mulxq %[a0], %[t0], %[t1]\n\t"
      "mulxq %[a1], %[lo], %[t2]\n\taddq %[lo], %[t1]\n\t"
      "mulxq %[a2], %[lo], %[t3]\n\tadcq %[lo], %[t2]\n\t"
      "mulxq %[a3], %[lo], %[t4]\n\tadcq %[lo], %[t3]\n\tadcq $0, %[t4]\n\t"
      PHALANX_STEP("%[t0]", "%[t1]", "%[t2]", "%[t3]", "%[t4]")
      PHALANX_ADD_PRODUCT("%[b1]", "%[t1]", "%[t2]", "%[t3]", "%[t4]", "%[t0]")
      PHALANX_STEP("%[t1]", "%[t2]", "%[t3]", "%[t4]", "%[t0]")
      PHALANX_ADD_PRODUCT("%[b2]", "%[t2]", "%[t3]", "%[t4]", "%[t0]", "%[t1]")
      PHALANX_STEP("%[t2]", "%[t3]", "%[t4]", "%[t0]", "%[t1]")
      PHALANX_ADD_PRODUCT("%[b3]", "%[t3]", "%[t4]", "%[t0]", "%[t1]", "%[t2]")
      PHALANX_LAST_STEP("%[t3]", "%[t4]", "%[t0]", "%[t1]", "%[t2]")
      PHALANX_SUBTRACT_P("%[t4]", "%[t0]", "%[t1]", "%[t2]", "%[t3]")
      : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [lo] "=&r"(lo), [hi] "=&r"(hi)
      : [a0] "m"(a[0]), [a1] "m"(a[1]), [a2] "m"(a[2]), [a3] "m"(a[3]),
        [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3]), PHALANX_INPUTS_REDUCTION
      : "rdx", "cc");
  out[0] = t4;
  out[1] = t0;
  out[2] = t1;
  out[3] = t2;
}

/** t = a * b, eight words; any a and b. */
inline void mulWideAdx(uint64_t t[8], const uint64_t a[4], const uint64_t b[4]) {
  uint64_t t0, t1, t2, t3, t4, lo, hi;
  asm("movq %[b0], %%rdx\n\t"
      "mulxq %[a0], %[t0], %[t1]\n\tmovq %[t0], %[o0]\n\t"
      "mulxq %[a1], %[lo], %[t2]\n\taddq %[lo], %[t1]\n\t"
      "mulxq %[a2], %[lo], %[t3]\n\tadcq %[lo], %[t2]\n\t"
      "mulxq %[a3], %[lo], %[t4]\n\tadcq %[lo], %[t3]\n\tadcq $0, %[t4]\n\txorq %[t0], %[t0]\n\t"
      PHALANX_ADD_PRODUCT("%[b1]", "%[t1]", "%[t2]", "%[t3]", "%[t4]", "%[t0]")
      "movq %[t1], %[o1]\n\txorq %[t1], %[t1]\n\t"
      PHALANX_ADD_PRODUCT("%[b2]", "%[t2]", "%[t3]", "%[t4]", "%[t0]", "%[t1]")
      "movq %[t2], %[o2]\n\txorq %[t2], %[t2]\n\t"
      PHALANX_ADD_PRODUCT("%[b3]", "%[t3]", "%[t4]", "%[t0]", "%[t1]", "%[t2]")
      : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [lo] "=&r"(lo), [hi] "=&r"(hi),
        [o0] "=&m"(t[0]), [o1] "=&m"(t[1]), [o2] "=&m"(t[2])
      : [a0] "m"(a[0]), [a1] "m"(a[1]), [a2] "m"(a[2]), [a3] "m"(a[3]),
        [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3])
      : "rdx", "cc");
  t[3] = t3;
  t[4] = t4;
  t[5] = t0;
  t[6] = t1;
  t[7] = t2;
}

/** out = t / R mod p. t < p^2, or < 2q^2 for q. */
template <class P>
inline void reduceAdx(uint64_t out[4], const uint64_t t[8]) {
  uint64_t t0 = t[0], t1 = t[1], t2 = t[2], t3 = t[3], t4 = 0, lo, hi;
  asm(PHALANX_STEP("%[t0]", "%[t1]", "%[t2]", "%[t3]", "%[t4]")
      PHALANX_STEP("%[t1]", "%[t2]", "%[t3]", "%[t4]", "%[t0]")
      PHALANX_STEP("%[t2]", "%[t3]", "%[t4]", "%[t0]", "%[t1]")
      PHALANX_LAST_STEP("%[t3]", "%[t4]", "%[t0]", "%[t1]", "%[t2]")
      "addq %[t4th], %[t4]\n\tadcq %[t5th], %[t0]\n\tadcq %[t6th], %[t1]\n\tadcq %[t7th], %[t2]\n\t"
      PHALANX_SUBTRACT_P("%[t4]", "%[t0]", "%[t1]", "%[t2]", "%[t3]")
      : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [t4] "+&r"(t4), [lo] "=&r"(lo), [hi] "=&r"(hi)
      : [t4th] "m"(t[4]), [t5th] "m"(t[5]), [t6th] "m"(t[6]), [t7th] "m"(t[7]), PHALANX_INPUTS_REDUCTION
      : "rdx", "cc");
  out[0] = t4;
  out[1] = t0;
  out[2] = t1;
  out[3] = t2;
}

/** t -= a, eight words, modulo 2^512. */
inline void subWideAdx(uint64_t t[8], const uint64_t a[8]) {
  asm("subq %[a0], %[t0]\n\tsbbq %[a1], %[t1]\n\tsbbq %[a2], %[t2]\n\tsbbq %[a3], %[t3]\n\t"
      "sbbq %[a4], %[t4]\n\tsbbq %[a5], %[t5]\n\tsbbq %[a6], %[t6]\n\tsbbq %[a7], %[t7]\n\t"
      : [t0] "+&r"(t[0]), [t1] "+&r"(t[1]), [t2] "+&r"(t[2]), [t3] "+&r"(t[3]), [t4] "+&r"(t[4]), [t5] "+&r"(t[5]),
        [t6] "+&r"(t[6]), [t7] "+&r"(t[7])
      : [a0] "m"(a[0]), [a1] "m"(a[1]), [a2] "m"(a[2]), [a3] "m"(a[3]), [a4] "m"(a[4]), [a5] "m"(a[5]), [a6] "m"(a[6]),
        [a7] "m"(a[7])
      : "cc");
}

/** t += a, eight words, modulo 2^512. */
inline void addWideAdx(uint64_t t[8], const uint64_t a[8]) {
  asm("addq %[a0], %[t0]\n\tadcq %[a1], %[t1]\n\tadcq %[a2], %[t2]\n\tadcq %[a3], %[t3]\n\t"
      "adcq %[a4], %[t4]\n\tadcq %[a5], %[t5]\n\tadcq %[a6], %[t6]\n\tadcq %[a7], %[t7]\n\t"
      : [t0] "+&r"(t[0]), [t1] "+&r"(t[1]), [t2] "+&r"(t[2]), [t3] "+&r"(t[3]), [t4] "+&r"(t[4]), [t5] "+&r"(t[5]),
        [t6] "+&r"(t[6]), [t7] "+&r"(t[7])
      : [a0] "m"(a[0]), [a1] "m"(a[1]), [a2] "m"(a[2]), [a3] "m"(a[3]), [a4] "m"(a[4]), [a5] "m"(a[5]), [a6] "m"(a[6]),
        [a7] "m"(a[7])
      : "cc");
}

/** out = a + b modulo 2^256. */
inline void addWordsAdx(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]) {
  uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3];
  asm("addq %[b0], %[t0]\n\tadcq %[b1], %[t1]\n\tadcq %[b2], %[t2]\n\tadcq %[b3], %[t3]\n\t"
      : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3)
      : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3])
      : "cc");
  out[0] = t0;
  out[1] = t1;
  out[2] = t2;
  out[3] = t3;
}

/** out = a^2 / R mod p. a < p, or a^2 < 2q^2 for q; out may be a. */
template <class P>
inline void sqrAdx(uint64_t out[4], const uint64_t a[4]) {
  uint64_t t0, t1, t2, t3, t4, t5, t6, t7, lo, hi;
  asm( // the products of different words,
      "movq %[a0], %%rdx\n\t"
      "mulxq %[a1], %[t1], %[t2]\n\t"
      "mulxq %[a2], %[lo], %[t3]\n\taddq %[lo], %[t2]\n\t"
      "mulxq %[a3], %[lo], %[t4]\n\tadcq %[lo], %[t3]\n\tadcq $0, %[t4]\n\t"
      "movq %[a1], %%rdx\n\txorl %k[t5], %k[t5]\n\t"
      "mulxq %[a2], %[lo], %[hi]\n\tadcxq %[lo], %[t3]\n\tadoxq %[hi], %[t4]\n\t"
      "mulxq %[a3], %[lo], %[hi]\n\tadcxq %[lo], %[t4]\n\tadoxq %[hi], %[t5]\n\tadcq $0, %[t5]\n\t"
      "movq %[a2], %%rdx\n\t"
      "mulxq %[a3], %[lo], %[t6]\n\taddq %[lo], %[t5]\n\tadcq $0, %[t6]\n\t"
      // twice, and the squares added
      "movq %[a0], %%rdx\n\txorl %k[t7], %k[t7]\n\t"
      "mulxq %%rdx, %[t0], %[hi]\n\tadcxq %[t1], %[t1]\n\tadoxq %[hi], %[t1]\n\t"
      "movq %[a1], %%rdx\n\t"
      "mulxq %%rdx, %[lo], %[hi]\n\tadcxq %[t2], %[t2]\n\tadoxq %[lo], %[t2]\n\t"
      "adcxq %[t3], %[t3]\n\tadoxq %[hi], %[t3]\n\t"
      "movq %[a2], %%rdx\n\t"
      "mulxq %%rdx, %[lo], %[hi]\n\tadcxq %[t4], %[t4]\n\tadoxq %[lo], %[t4]\n\t"
      "adcxq %[t5], %[t5]\n\tadoxq %[hi], %[t5]\n\t"
      "movq %[a3], %%rdx\n\t"
      "mulxq %%rdx, %[lo], %[hi]\n\tadcxq %[t6], %[t6]\n\tadoxq %[lo], %[t6]\n\t"
      "adcxq %[t7], %[t7]\n\tadoxq %[hi], %[t7]\n\t"
      : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [t5] "=&r"(t5), [t6] "=&r"(t6),
        [t7] "=&r"(t7), [lo] "=&r"(lo), [hi] "=&r"(hi)
      : [a0] "m"(a[0]), [a1] "m"(a[1]), [a2] "m"(a[2]), [a3] "m"(a[3])
      : "rdx", "cc");
  // The lower half is reduced alone, then the upper half added: no carry runs through it at every step.
  uint64_t w = 0;
  asm(PHALANX_STEP("%[t0]", "%[t1]", "%[t2]", "%[t3]", "%[w]")
      PHALANX_STEP("%[t1]", "%[t2]", "%[t3]", "%[w]", "%[t0]")
      PHALANX_STEP("%[t2]", "%[t3]", "%[w]", "%[t0]", "%[t1]")
      PHALANX_LAST_STEP("%[t3]", "%[w]", "%[t0]", "%[t1]", "%[t2]")
      "addq %[t4], %[w]\n\tadcq %[t5], %[t0]\n\tadcq %[t6], %[t1]\n\tadcq %[t7], %[t2]\n\t"
      PHALANX_SUBTRACT_P("%[w]", "%[t0]", "%[t1]", "%[t2]", "%[t3]")
      : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [w] "+&r"(w), [lo] "=&r"(lo), [hi] "=&r"(hi)
      : [t4] "rm"(t4), [t5] "rm"(t5), [t6] "rm"(t6), [t7] "rm"(t7), PHALANX_INPUTS_REDUCTION
      : "rdx", "cc");
  out[0] = w;
  out[1] = t0;
  out[2] = t1;
  out[3] = t2;
}

/** out = a + b mod p; a, b < p. */
template <class P>
inline void addAdx(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]) {
  uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3], x, lo, hi;
  asm("addq %[b0], %[t0]\n\tadcq %[b1], %[t1]\n\tadcq %[b2], %[t2]\n\tadcq %[b3], %[t3]\n\t"
      PHALANX_SUBTRACT_P("%[t0]", "%[t1]", "%[t2]", "%[t3]", "%[x]")
      : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [x] "=&r"(x), [lo] "=&r"(lo), [hi] "=&r"(hi)
      : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3]), PHALANX_INPUTS_P
      : "rdx", "cc");
  out[0] = t0;
  out[1] = t1;
  out[2] = t2;
  out[3] = t3;
}

/** out = a - b mod p; a, b < p. */
template <class P>
inline void subAdx(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]) {
  uint64_t t0 = a[0], t1 = a[1], t2 = a[2], t3 = a[3], q0, q1, q2, q3, none = 0;
  asm("subq %[b0], %[t0]\n\tsbbq %[b1], %[t1]\n\tsbbq %[b2], %[t2]\n\tsbbq %[b3], %[t3]\n\t"
      "movq %[p0], %[q0]\n\tmovq %[p1], %[q1]\n\tmovq %[p2], %[q2]\n\tmovq %[p3], %[q3]\n\t"
      "cmovncq %[none], %[q0]\n\tcmovncq %[none], %[q1]\n\tcmovncq %[none], %[q2]\n\tcmovncq %[none], %[q3]\n\t"
      "addq %[q0], %[t0]\n\tadcq %[q1], %[t1]\n\tadcq %[q2], %[t2]\n\tadcq %[q3], %[t3]\n\t"
      : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [q0] "=&r"(q0), [q1] "=&r"(q1), [q2] "=&r"(q2),
        [q3] "=&r"(q3)
      : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3]), [none] "r"(none), PHALANX_INPUTS_P
      : "cc");
  out[0] = t0;
  out[1] = t1;
  out[2] = t2;
  out[3] = t3;
}

#undef PHALANX_ROW
#undef PHALANX_ADD_PRODUCT
#undef PHALANX_STEP
#undef PHALANX_LAST_STEP
#undef PHALANX_SUBTRACT_P
#undef PHALANX_INPUTS_P
#undef PHALANX_INPUTS_REDUCTION
// clang-format on

}  // namespace PHALANX_PATH
}  // namespace phalanx
