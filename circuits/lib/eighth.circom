// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "baby_jub.circom";

/// HINT: (1/8 modulo l) times the Edwards point (x, y), in Montgomery form; anything when there is no such point.
/// Projective coordinates (Bernstein et al., Twisted Edwards Curves, section 6), one inversion at the end.
function eighthInMontgomery(x, y) {
    var scalar = 2394026564107420727433200628387514462817212225638746351800188703329891451411; // 8 * scalar = 7 l + 1
    // multiples[t] = t * (x, y) as X, Y, Z, for windows of two bits
    var multiples[4][3];
    multiples[0] = [0, 1, 1];
    multiples[1] = [x, y, 1];
    var sum[3] = [0, 1, 1];
    for (var i = 2; i < 4 + 126; i++) {
        var second[3];
        var twice = 2;
        var window = 0;
        if (i < 4) {
            sum = multiples[i - 1];
            second = multiples[1];
            twice = 0;
        } else {
            if (i == 4) { sum = [0, 1, 1]; }
            window = (scalar >> (2 * (129 - i))) & 3;
            second = multiples[window];
        }
        for (var k = 0; k < twice; k++) {
            var s = (sum[0] + sum[1]) * (sum[0] + sum[1]);
            var xx = sum[0] * sum[0];
            var yy = sum[1] * sum[1];
            var f = 168700 * xx + yy;
            var j = f - 2 * sum[2] * sum[2];
            sum = [(s - xx - yy) * j, f * (168700 * xx - yy), f * j];
        }
        if (i < 4 || window > 0) {
            var a = sum[2] * second[2];
            var b = a * a;
            var c = sum[0] * second[0];
            var d = sum[1] * second[1];
            var e = 168696 * c * d;
            var f = b - e;
            var g = b + e;
            sum = [a * f * ((sum[0] + sum[1]) * (second[0] + second[1]) - c - d), a * g * (d - 168700 * c), f * g];
        }
        if (i < 4) { multiples[i] = sum; }
    }
    // u = (Z + Y) / (Z - Y), v = u Z / X
    var inverse = 1 / ((sum[2] - sum[1]) * sum[0]);
    var u = (sum[2] + sum[1]) * sum[0] * inverse;
    return [u, u * sum[2] * (sum[2] - sum[1]) * inverse];
}
