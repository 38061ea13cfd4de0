// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// NativeSplit: enforces 0 <= in < 2^(low + high), and upper = in >> low, in low + high constraints.
/// in     any field element
/// upper  enforced: below 2^high [1] [2], and what is left of in below 2^low [3] [4]
/// @param low, high  constants, at least 1 each, together at most 252
template NativeSplit(low, high) {
    assert(low >= 1 && high >= 1 && low + high <= 252);
    signal input in;
    signal output upper;
    upper <-- in >> low;                                       // HINT, pinned by [2] [4]
    signal upperBit[high - 1];
    var upperLow = 0;
    for (var i = 0; i < high - 1; i++) {
        upperBit[i] <-- (in >> (low + i)) & 1;                 // HINT, pinned by [1] [2]
        upperBit[i] * (upperBit[i] - 1) === 0;                 // [1]
        upperLow += upperBit[i] * (1 << i);
    }
    (upper - upperLow) * (upper - upperLow - (1 << (high - 1))) === 0; // [2]

    signal lowBit[low - 1];
    var lower = upper * (1 << low);
    for (var i = 0; i < low - 1; i++) {
        lowBit[i] <-- (in >> i) & 1;                           // HINT, pinned by [3] [4]
        lowBit[i] * (lowBit[i] - 1) === 0;                     // [3]
        lower += lowBit[i] * (1 << i);
    }
    (in - lower) * (in - lower - (1 << (low - 1))) === 0;      // [4]
}
