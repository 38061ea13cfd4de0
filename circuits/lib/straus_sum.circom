// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "montgomery_double.circom";
include "montgomery_sum.circom";

/// StrausSum: 2^253 * start + sum over i and j of 4^j (nonceDigits[i][j] + 8 keyDigits[i][j]), with the doublings
/// shared by all (Straus, 1964). The factor 8 is where the keys' digits stand: digit j of a nonce at bit 2 j, of a key
/// at bit 2 j + 3.
/// start, nonceDigits, keyDigits  assumed on the curve (by the caller)
/// sum  enforced on condition: that no addition meets two points with one u, as MontgomerySum has it. The caller's
///      start is random and drawn after the digits are bound, so that this has no more than a negligible chance
template StrausSum(n) {
    signal input start[2];
    signal input nonceDigits[n][60][2];
    signal input keyDigits[n][126][2];
    signal output sum[2];

    var top = 253;                                             // 2 * 125 + 3
    signal after[top + 2][2];                                  // after[k]: with everything at bits k and above
    component double[top];
    component row[top + 1];
    after[top + 1] <== start;
    for (var k = top; k >= 0; k--) {
        var isKey = k >= 3 && k % 2 == 1;
        var isNonce = k % 2 == 0 && k < 120;
        if (isKey || isNonce) {
            row[k] = MontgomerySum(n, k < top ? 1 : 0);
            row[k].start <== after[k + 1];
            for (var i = 0; i < n; i++) {
                if (isKey) { row[k].points[i] <== keyDigits[i][(k - 3) \ 2]; }
                else { row[k].points[i] <== nonceDigits[i][k \ 2]; }
            }
            after[k] <== row[k].out;
        } else {
            double[k] = MontgomeryDouble();
            double[k].in <== after[k + 1];
            double[k].uSquared <== after[k + 1][0] * after[k + 1][0];
            after[k] <== double[k].out;
        }
    }
    sum <== after[0];
}
