// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "baby_jub.circom";

/// KeyPoint: enforces that (ax, ay) is on the curve and of no order that divides 8; gives it in Montgomery form.
/// ax, ay    any field elements
/// point     enforced: (u, v) on the curve [1] to [5], v not zero
/// uSquared  enforced [3]
///
/// [1] has no solution at y = 1, nor with u = -1. [6] excludes u = 0, so by [2] neither x nor v is zero; then [1] [2]
/// say u = (1 + y) / (1 - y), v = u / x, under which the Montgomery equation [3] [4] [5] is the Edwards equation.
/// Of the points whose order divides 8, [1] excludes the identity, and [6] the others: order 2 has u = 0, order 4 has
/// u = 1 (u = -1 is on the twist, A - 2 being no square), and the 8-torsion is cyclic, so order 8 is the four points
/// with u + 1/u = Order8Sum. A part of such order beside one of order l is let through: the factor 8 clears it.
template KeyPoint() {
    signal input ax;
    signal input ay;
    signal output point[2];
    signal output uSquared;

    // HINT for u, v and the inverse of smallOrder, with one inversion: u = n / d, smallOrder = f / d^4.
    var n = 1 + ay;
    var d = 1 - ay;
    var f = n * (n - d) * (n * (n - Order8Sum() * d) + d * d);
    var inverse = 1 / (d * ax * f);
    signal u <-- n * ax * f * inverse;                         // HINT, pinned by [1]
    u * (1 - ay) === 1 + ay;                                   // [1]
    signal v <-- u * d * f * inverse;                          // HINT, pinned by [2]: x is not zero
    v * ax === u;                                              // [2]
    uSquared <== u * u;                                        // [3]
    signal vSquared <== v * v;                                 // [4]
    u * (uSquared + MontgomeryA() * u + 1) === vSquared;       // [5]
    signal smallOrder <== (uSquared - u) * (uSquared - Order8Sum() * u + 1);
    signal smallOrderInverse <-- d * d * d * d * d * ax * inverse; // HINT, pinned by [6]
    smallOrder * smallOrderInverse === 1;                      // [6]
    point <== [u, v];
}
