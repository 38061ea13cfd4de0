// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "assert_non_zero.circom";
include "montgomery_sum.circom";

/// FixedBase: value * P for a constant point P, in windows of three bits: digit k is 2 (b0 + 2 b1 + 4 b2) - 7 of its
/// bits, one of +-1, +-3, +-5, +-7, and stands for digit * 8^k * P. Eight constraints a window, with those on its bits.
/// bits   enforced 0 or 1 [1]
/// point  enforced: value * P, in Montgomery form
/// value  enforced: the sum of 8^k digit_k, so 2 * (the number of these bits) - (8^n - 1); odd, |value| < 8^n
/// low    enforced: the same sum over k < split, so value - low is a multiple of 8^split; |low| < 8^split
/// @param n      constant, 3 <= n <= 84
/// @param split  constant, at most n
/// @param table  constants: row k has the coefficients of [2] and [3] at 8^k * P (fixed_base_tables.circom)
///
/// Selection. With s_i = 2 b_i - 1 the digit is s0 + 2 s1 + 4 s2. u is even in the digit, hence a combination of
/// 1, s0 s1, s0 s2, s1 s2, and v is odd, a combination of s0, s1, s2, s0 s1 s2. As s_i^2 = 1, one product makes any
/// such u [2], and u * s2, which has the term s0 s1 s2, any such v [3] (fixed-base-tables.ts has the coefficients).
/// A test has all eight digits of each row against the curve.
/// Addition. Let S be the sum of the windows below k, |S| < 8^k. A degenerate addition needs S = +-digit_k 8^k modulo
/// l. S is odd and the other even, so the two are different integers, and less than 8^(k+1) apart: below l for k <= 82,
/// as 8^83 < l. For k = 83 there is a check [4]. (So S = +-(l - 3 * 8^83) has no witness with a digit of +-3 there;
/// whoever chooses value at random, as EddsaPoseidonBatch does by its offset, never meets it.) Nor is any sum the
/// identity: S is odd, |S| < l.
template FixedBase(n, split, table) {
    assert(n >= 3 && n <= 84 && split >= 1 && split <= n);
    signal input bits[3 * n];
    signal output point[2];
    signal output value;
    signal output low;

    signal digits[n][2];
    var sum = 0;
    for (var k = 0; k < n; k++) {
        if (k == split) { low <== sum; }
        for (var i = 0; i < 3; i++) {
            bits[3 * k + i] * (bits[3 * k + i] - 1) === 0;     // [1]
            sum += (2 * bits[3 * k + i] - 1) * (1 << (3 * k + i));
        }
        var s0 = 2 * bits[3 * k] - 1;
        var s1 = 2 * bits[3 * k + 1] - 1;
        var s2 = 2 * bits[3 * k + 2] - 1;
        digits[k][0] <== (s0 + table[k][0] * s1) * (table[k][1] * s1 + table[k][2] * s2) + table[k][3]; // [2]
        digits[k][1] <== digits[k][0] * (table[k][4] * s2)
                         + table[k][5] * s0 + table[k][6] * s1 + table[k][7] * s2;     // [3]
    }
    if (split == n) { low <== sum; }
    value <== sum;

    component below = MontgomerySum(n - 2, 0);
    below.start <== digits[0];
    for (var k = 1; k < n - 1; k++) { below.points[k - 1] <== digits[k]; }
    component last = MontgomerySum(1, 0);
    last.start <== below.out;
    last.points[0] <== digits[n - 1];
    if (n == 84) { AssertNonZero()(digits[83][0] - below.out[0]); } // [4]
    point <== last.out;
}
