// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// Sha2Majority: out[i] = the bit that two or three of a[i], b[i], c[i] are. One constraint a bit.
/// a, b, c  assumed: bits
/// out      enforced: bits, as above [1]
/// @param wordBits  constant
///
/// Why [1] is enough: with s = 0, 1, 2, 3 bits set it reads -3(8x - 1) = 3, -(8x - 3) = 3, 8x - 5 = 3, 3(8x - 7) = 3,
/// each of one solution: x = 0, 0, 1, 1.
template Sha2Majority(wordBits) {
    signal input a[wordBits];
    signal input b[wordBits];
    signal input c[wordBits];
    signal output out[wordBits];
    for (var i = 0; i < wordBits; i++) {
        var s = a[i] + b[i] + c[i];
        out[i] <-- s >> 1;                                      // HINT, pinned by [1]
        (2 * s - 3) * (8 * out[i] - 2 * s - 1) === 3;           // [1]
    }
}
