// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "baby_jub.circom";

/// PointTable: P's triple, and the line through P and 3P: what SignedWindows selects from.
/// point     assumed on the curve, (u1, v1), of an order that does not divide 8 (by the caller)
/// uSquared  assumed u1 * u1
/// triple    enforced: 3P, (u3, v3)
/// slope     enforced, and not zero: v = slope * (u + shift) holds at P and at 3P [5] [6]
/// shift     enforced
///
/// No step is degenerate. v1 is not zero, for that is (0, 0), of order 2. 2P is not +-P, as no order is 1 or 3. So
/// [1] to [4] are the tangent and the chord. 3P is not +-P, as the order is not 2 or 4, so [5] determines the slope;
/// v1 is not zero, so by [6] neither is the slope, and the shift is determined. Hence v3 differs from v1.
/// At v3 = v1 there is no witness: v(3P) - v(P) is a function of degree 27 on the curve, so that is 24 points at most
/// beside those of order 2. A signature needs the logarithm of its key and its nonce, and nobody can aim at such a
/// point.
template PointTable() {
    signal input point[2];
    signal input uSquared;
    signal output triple[2];
    signal output slope;
    signal output shift;

    // HINT for the four quotients, with one inversion: all are fractions over powers of d = 2 v1 and of e.
    var t = 3 * uSquared + 2 * MontgomeryA() * point[0] + 1;
    var d = 2 * point[1];
    var dd = d * d;
    var e = dd * (MontgomeryA() + 3 * point[0]) - t * t;       // d^2 (u1 - u(2P))
    var s2 = dd * dd - t * e;                                  // d e * chord
    var de = d * e;
    var f = s2 * s2 + e * e * e - (MontgomeryA() + 3 * point[0]) * de * de; // (d e)^2 (u3 - u1)
    var g = 0 - s2 * f - d * de * de * de;                     // (d e)^3 (v3 - v1)
    var inverse = 1 / (de * f * g);
    var inverseDe = inverse * f * g;

    signal tangent <-- t * e * inverseDe;                      // HINT, pinned by [1]
    tangent * (2 * point[1]) === 3 * uSquared + 2 * MontgomeryA() * point[0] + 1; // [1]
    signal tangentSquared <== tangent * tangent;
    var double = tangentSquared - MontgomeryA() - 2 * point[0]; // u of 2P
    signal chord <-- s2 * inverseDe;                           // HINT, pinned by [2]
    (tangent + chord) * (point[0] - double) === 2 * point[1];  // [2] as in MontgomerySum
    signal chordSquared <== chord * chord;                     // [3]
    triple[0] <== chordSquared - MontgomeryA() - point[0] - double;
    triple[1] <== chord * (point[0] - triple[0]) - point[1];   // [4]

    slope <-- g * g * inverse;                                 // HINT, pinned by [5]: g / (d e f)
    slope * (triple[0] - point[0]) === triple[1] - point[1];   // [5]
    shift <-- point[1] * de * de * f * f * inverse - point[0]; // HINT, pinned by [6]: v1 / slope - u1
    slope * (shift + point[0]) === point[1];                   // [6]
}
