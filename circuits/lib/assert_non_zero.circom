// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// AssertNonZero: enforces in != 0.
/// in  any field element
template AssertNonZero() {
    signal input in;
    signal inverse;
    // circom's 1/0 is 0: then [1] fails, as it has to.
    inverse <-- 1 / in;     // HINT, pinned by [1]
    inverse * in === 1;     // [1] no solution at in = 0, exactly one elsewhere
}
