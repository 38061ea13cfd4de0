// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "binary.circom";

/// MirroredBits: enforces that `in` is an integer of [0, 2^n) or of [modulus - 2^n, modulus - 1], and gives its low
/// bits. With 2^n < modulus <= 2^(n+1) that is exactly [0, modulus): no comparison of bits, and no second encoding.
///
/// in        any field element
/// mirrored  enforced 0 or 1 [1]: in = v or in = modulus - 1 - v, for a v of n bits [2] [3]. Where both hold, in the
///           overlap of the two ranges, the prover may choose; the integer is the same. So what is computed from
///           `mirrored` and `low` has to depend on that integer alone
/// low       enforced [4]: modulo 2^w the same as v, or as -v when mirrored; in [-2^(w-1), 2^(w-1)]
/// @param n        constant, at most 253: one v for each field element
/// @param w        constant, at most n
/// @param modulus  constant; 0 stands for the field's own order p, when [2] reads modulo p: in = -1 - v = p - 1 - v
///
/// Why sound: v < 2^n <= 2^253 < p, so by [2] the field element `in` is the integer v or modulus - 1 - v, none of which
/// is negative or reaches the modulus (2^n < modulus, which the caller's constants have to fulfil).
template MirroredBits(n, w, modulus) {
    assert(n >= 1 && n <= 253 && w >= 1 && w <= n);
    signal input in;
    signal output {binary} mirrored;
    signal output low;

    signal upperHalf <-- modulus == 0 ? in < 0 : 2 * in > modulus; // HINT, pinned by [1] [2]
    mirrored <== Binary()(upperHalf);                          // [1]
    signal v <-- mirrored == 1 ? modulus - 1 - in : in;        // HINT, pinned by [2]
    (1 - 2 * mirrored) * v === in - mirrored * (modulus - 1);  // [2]
    signal bits[n] <== Num2Bits(n)(v);                         // [3]

    // Two's complement, so that the low part is as often negative as not.
    var centred = 0;
    for (var i = 0; i < w - 1; i++) { centred += bits[i] * (1 << i); }
    centred -= bits[w - 1] * (1 << (w - 1));
    low <== (1 - 2 * mirrored) * centred;                      // [4]
}
