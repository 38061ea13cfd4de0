// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// AssertAtMost: enforces 0 <= in <= limit.
/// in  any field element
/// @param n      constant, 1 <= n <= 253; limit < 2^n
/// @param limit  constant
///
/// Bits from the top. `tight` is 1 while all bits so far are the limit's. At a 1 of the limit a bit is any bit [1] and
/// `tight` goes on by a product [2]; at a 0, one constraint has it: any bit where `tight` is 0, and 0 where it is 1
/// [3]. (There [3] reads bit * bit = 0, whose derivative vanishes: the rank test, which goes by derivatives, would
/// report such bits, determined though they are. They occur with `in` at 12288 and more of 12388, one lane in a
/// hundred.)
template AssertAtMost(n, limit) {
    assert(n >= 1 && n <= 253 && limit >= 0 && limit < (1 << n));
    signal input in;
    signal bits[n];
    signal tight[n + 1];
    tight[n] <== 1;
    var sum = 0;
    for (var i = n - 1; i >= 0; i--) {
        bits[i] <-- (in >> i) & 1;                             // HINT, pinned by [1] or [3], and [4]
        sum += bits[i] * (1 << i);
        if ((limit >> i) & 1 == 1) {
            bits[i] * (bits[i] - 1) === 0;                     // [1]
            tight[i] <== tight[i + 1] * bits[i];               // [2]
        } else {
            bits[i] * (1 - tight[i + 1] - bits[i]) === 0;      // [3]
            tight[i] <== tight[i + 1];
        }
    }
    sum === in;                                                // [4]
}
