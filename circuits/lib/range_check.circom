// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

/// RangeCheck: enforces 0 <= in < 2^n.
/// in  any field element
/// @param n  constant, 1 <= n <= 253 (254 bits admit two encodings on BN254)
template RangeCheck(n) {
    assert(n >= 1 && n <= 253);
    signal input in;
    _ <== Num2Bits(n)(in);
}
