// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "baby_jub.circom";
include "range_check.circom";

/// AggregatedScalar: enforces total = offset + sum z[i] * s[i] modulo l, the order of Base8.
/// z          assumed integers, |z[i]| < 2^120
/// s          assumed integers, |s[i]| <= 2^250
/// sLow       assumed integers, |sLow[i]| <= 2^124 + 2, s[i] - sLow[i] a multiple of 2^125
/// offset     assumed an integer, |offset| < 2^240
/// total      assumed an integer, |total| < 2^252
/// offsetLow, totalLow  assumed integers of absolute value below 2^126; offset - offsetLow and total - totalLow
///            multiples of 2^126
/// @param n  constant, at most 128: the bounds below are as tight as that
///
/// Let D = sum z s + offset - total - q l, an integer. [1] has it zero modulo p. With |q| <= 2^127 [2] and n <= 128
///   |D| <= 2^7 2^120 2^250 + 2^240 + 2^252 + 2^127 l < 2^378.4 < p * 2^125 (2^378.59).
/// Let lowD = sum z sLow + offsetLow - totalLow - q l' - 2^125 c, with l' = l modulo 2^125, centred. [3] has it zero
/// modulo p; with |c| <= 2^127 [4] and |l'| <= 2^124
///   |lowD| <= 2^7 2^120 (2^124 + 2) + 2 * 2^126 + 2^127 2^124 + 2^252 < 2^253.01 < p (2^253.59).
/// So lowD = 0, D = 0 modulo 2^125, and with p odd D = 0.
///
/// Complete: |q| l <= |D - q l| < 2^377.01, so |q| < 2^126.5; then |c| 2^125 < 2^251.01 + 2^250.5 + 2^127.
template AggregatedScalar(n) {
    assert(n >= 1 && n <= 128);
    signal input z[n];
    signal input s[n];
    signal input sLow[n];
    signal input offset;
    signal input offsetLow;
    signal input total;
    signal input totalLow;

    var l = SubgroupOrder();
    var lLow = l % (1 << 125);
    if (lLow >= 1 << 124) { lLow -= 1 << 125; }
    // The two bounds again, in units of 2^130: (what D may come to) / 2^125 below p, and lowD below p.
    assert(n * (1 << 115) + 1 + 4 * (l >> 130) + 8 < (0 - 1) >> 130);
    assert(n * ((1 << 114) + 1) + 1 + (1 << 121) + (1 << 122) < (0 - 1) >> 130);

    signal products[n];
    signal lowProducts[n];
    var sum = offset - total;
    var lowSum = offsetLow - totalLow;
    for (var i = 0; i < n; i++) {
        products[i] <== z[i] * s[i];
        lowProducts[i] <== z[i] * sLow[i];
        sum += products[i];
        lowSum += lowProducts[i];
    }
    signal q <-- sum / l;                                      // HINT, pinned by [1]
    sum === q * l;                                             // [1]
    RangeCheck(128)(q + (1 << 127));                           // [2]
    signal c <-- (lowSum - q * lLow) / (1 << 125);             // HINT, pinned by [3]
    lowSum === q * lLow + (1 << 125) * c;                      // [3]
    RangeCheck(128)(c + (1 << 127));                           // [4]
}
