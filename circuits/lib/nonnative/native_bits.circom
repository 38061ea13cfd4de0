// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// NativeBits: enforces 0 <= in < 2^n, in n constraints: the highest bit is what the others leave, and no wire.
/// in  any field element
/// @param n  constant, 1 <= n <= 252
template NativeBits(n) {
    assert(n >= 1 && n <= 252);
    signal input in;
    signal bit[n - 1];
    var low = 0;
    for (var i = 0; i < n - 1; i++) {
        bit[i] <-- (in >> i) & 1;                              // HINT, pinned by [1] [2]
        bit[i] * (bit[i] - 1) === 0;                           // [1]
        low += bit[i] * (1 << i);
    }
    (in - low) * (in - low - (1 << (n - 1))) === 0;            // [2]
}
