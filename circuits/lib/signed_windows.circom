// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// SignedWindows: value * P as a sum of 4^j * digits[j], each digit one of P, -P, 3P, -3P: three constraints a digit to
/// select it, and reading the number that the digits spell costs three more in all. No bits are spelt out.
///
/// point, triple, slope, shift  assumed as PointTable gives them
/// value   enforced [4]: the sum of 4^j d_j over the digits d_j selected; so odd, and of absolute value below 4^n, or
///         2 * 4^(n-1) with `topIsSign`. Two numbers of this range are two lists of digits
/// low     enforced: the same sum over j < split; so value - low is a multiple of 4^split
/// digits  enforced: d_j * P
/// @param n          constant, number of digits, at most 126
/// @param split      constant, 1 <= split <= n. At split = n `low` is value
/// @param topIsSign  constant; 1: the last digit is +-1, for one constraint and one bit less
///
/// A digit. By [1] signedSlope = s * slope with s = +-1; by [2] u is P's or 3P's. The line v = slope * (u + shift) goes
/// through both, so [3] gives +-P or +-3P, the sign being s. All four are reached, nothing else is.
/// The reading. With b_j = 1 where u is 3P's: signs = sum 4^j s_j, as the slope is not zero.
/// v_j = s_j (v1 + b_j (v3 - v1)), so sum 4^j v_j - v1 * signs = (v3 - v1) * sum 4^j s_j b_j, and v3 - v1 is not zero:
/// tripled = sum 4^j s_j b_j.
/// The digit is s_j (1 + 2 b_j). All sums are of absolute value below 4^126 < p / 2: they are what they read.
template SignedWindows(n, split, topIsSign) {
    assert(n <= 126 && split >= 1 && split <= n);
    signal input point[2];
    signal input triple[2];
    signal input slope;
    signal input shift;
    signal input value;
    signal output digits[n][2];
    signal output low;

    signal signedSlope[n];
    // value = 2 rest - (4^n - 1), and a digit is 2 t - 3 for a t in [0, 4).
    var rest = (value + (1 << (2 * n - topIsSign)) - 1) >> 1;
    for (var j = 0; j < n; j++) {
        var t = rest & 3;
        rest = rest >> 2;
        if (topIsSign == 1 && j == n - 1) { t = t + 1; }
        signedSlope[j] <-- t >= 2 ? slope : 0 - slope;          // HINT, pinned by [1]
        (signedSlope[j] - slope) * (signedSlope[j] + slope) === 0; // [1]
        if (topIsSign == 1 && j == n - 1) {
            digits[j][0] <== point[0];
        } else {
            digits[j][0] <-- t == 0 || t == 3 ? triple[0] : point[0]; // HINT, pinned by [2]
            (digits[j][0] - point[0]) * (digits[j][0] - triple[0]) === 0; // [2]
        }
        digits[j][1] <== signedSlope[j] * (digits[j][0] + shift); // [3]
    }

    // HINT: one inversion for both quotients of both parts.
    var vRise = triple[1] - point[1];
    var inverse = 1 / (slope * vRise);
    var parts = split < n ? 2 : 1;
    signal signs[parts];
    signal vSigns[parts];
    signal tripled[parts];
    var total = 0;
    for (var part = 0; part < parts; part++) {
        var from = part == 0 ? 0 : split;
        var to = part == 0 ? split : n;
        var slopeSum = 0;
        var vSum = 0;
        for (var j = from; j < to; j++) {
            slopeSum += signedSlope[j] * (1 << (2 * (j - from)));
            vSum += digits[j][1] * (1 << (2 * (j - from)));
        }
        signs[part] <-- slopeSum * vRise * inverse;             // HINT, pinned by [5]
        signs[part] * slope === slopeSum;                       // [5]
        vSigns[part] <== point[1] * signs[part];
        tripled[part] <-- (vSum - vSigns[part]) * slope * inverse; // HINT, pinned by [6]
        tripled[part] * (triple[1] - point[1]) === vSum - vSigns[part]; // [6]
        total += (signs[part] + 2 * tripled[part]) * (1 << (2 * from));
        if (part == 0) { low <== signs[0] + 2 * tripled[0]; }
    }
    value === total;                                            // [4]
}
