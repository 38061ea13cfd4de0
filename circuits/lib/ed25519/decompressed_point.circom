// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../nonnative/evaluation.circom";
include "../nonnative/native_bits.circom";
include "curve25519.circom";

/// sqrt(-A - 2), the odd root, in limbs of 32 bits: the factor of the birational map.
function MapFactor() {
    return [12222951, 865205077, 3028477309, 979250222, 4228100225, 763688739, 2673867076, 1893274123];
}

/// sqrt(A + 2), the even root, in limbs of 32 bits: v of a point of order 4, at u = 1.
function QuarterPointV() {
    return [1668791256, 375240464, 3618991260, 2628120120, 671832336, 1038112901, 106315088, 337316712];
}

/// Sum of the bounds of DecompressedPoint's relations.
function DecompressionBound() {
    var E = ElementBound();
    var first = 8 * E * E + 2 * E + 2;
    var second = 16 * E * E + 2 * E;
    var third = 64 * E * E * E + (CurveA() + 1) * 8 * E * E + E;
    return first + second + third;
}

/// DecompressedPoint: the curve point of an encoding as ZIP-215 reads it (y taken modulo p; x = 0 with either sign),
/// or, in place of a point of order 1 or 2, which has no affine coordinates or no double, one of order 4: eight times
/// either is the identity.
///
/// encoding     assumed 0 or 1 (by their tag): bit i of the encoding as a number; bit 255 the sign of x
/// exceptional  assumed 0 or 1 (by their tag); enforced: [0] is 1 only where y is 1, [1] only where y is p - 1 or p + 1
///              [1]
/// u, v, x      hints: values at `at` of elements; bound by the relations being zero modulo p
/// at           any field element
/// mapFactor, quarterPointV  assumed: values at `at` of the constants of these names
/// relations    enforced. Where they are zero modulo p, with f = exceptional[0] + exceptional[1]:
///              f = 0: (1 - y) u = 1 + y, v x = sqrt(-A - 2) u, v^2 = u^3 + A u^2 + u: (u, v) is the point of (x, y) on
///              edwards25519. At y = 1 there is none. At y = -1 it is (0, 0), whatever x is; y = -1 names that point
///              under either sign
///              f = 1: u = 1, v = sqrt(A + 2); x is free
/// So the point is a function of encoding, x's sign and `exceptional`; x itself CanonicalSign binds.
template DecompressedPoint() {
    signal input {binary} encoding[256];
    signal input {binary} exceptional[2];
    signal input u;
    signal input v;
    signal input x;
    signal input at;
    signal input mapFactor;
    signal input quarterPointV;
    signal output relations[3];

    var low = 0;
    var high = 0;
    for (var i = 0; i < 128; i++) { low += encoding[i] * (1 << i); }
    for (var i = 128; i < 255; i++) { high += encoding[i] * (1 << (i - 128)); }
    // p - 1 = 2^255 - 20 and p + 1 = 2^255 - 18; low and high are below the field's order.
    exceptional[0] * (low - 1) === 0;                          // [1]
    exceptional[0] * high === 0;                               // [1]
    exceptional[1] * (high - ((1 << 127) - 1)) === 0;          // [1]
    signal otherwise <== (low - (1 << 128) + 20) * (low - (1 << 128) + 18);
    exceptional[1] * otherwise === 0;                          // [1]

    component y = DigitsEvaluation(255, 1, 32);
    for (var i = 0; i < 255; i++) { y.digits[i] <== encoding[i]; }
    y.at <== at;
    var f = exceptional[0] + exceptional[1];
    signal yu <== y.value * u;
    var fromY = u - yu - 1 - y.value;
    relations[0] <== f * (u - 1 - fromY) + fromY;
    signal vx <== v * x;
    signal factorU <== mapFactor * u;
    var fromX = vx - factorU;
    relations[1] <== f * (v - quarterPointV - fromX) + fromX;
    signal uSquared <== u * u;
    signal cubic <== u * (uSquared + CurveA() * u + 1);
    relations[2] <== v * v - cubic;
}
