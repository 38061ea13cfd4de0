// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// Sha2Sigma: out = (in >>> r[0]) xor (in >>> r[1]) xor (in >>> r[2]), or with in >> r[2] last when `shifts`. One
/// constraint a bit.
/// in   assumed: bits
/// out  enforced: bits, as above [1] [2]
/// @param wordBits  constant
/// @param r         constant, three numbers of [1, wordBits)
/// @param shifts    constant, 0 or 1
///
/// Why [1] is enough: with s = 0, 1, 2, 3 bits set it reads -3(4x + 1) = -3, -(4x - 1) = -3, 4x - 3 = -3, 3(4x - 5) =
/// -3, each of one solution: x = 0, 1, 0, 1. So x is a bit without a constraint that says so.
template Sha2Sigma(wordBits, r, shifts) {
    signal input in[wordBits];
    signal output out[wordBits];
    for (var i = 0; i < wordBits; i++) {
        if (shifts == 1 && i + r[2] >= wordBits) {
            out[i] <== in[(i + r[0]) % wordBits] + in[(i + r[1]) % wordBits]
                - 2 * in[(i + r[0]) % wordBits] * in[(i + r[1]) % wordBits];           // [2]
        } else {
            var s = in[(i + r[0]) % wordBits] + in[(i + r[1]) % wordBits] + in[(i + r[2]) % wordBits];
            out[i] <-- s & 1;                                   // HINT, pinned by [1]
            (2 * s - 3) * (4 * out[i] - 2 * s + 1) === -3;      // [1]
        }
    }
}
