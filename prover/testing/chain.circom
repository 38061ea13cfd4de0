// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// Chain: last = ((start^2 + 1)^2 + 2)^2 ... over n steps. A statement that takes a moment to prove.
/// @param n constant, the number of constraints but one
template Chain(n) {
    signal input last;
    signal input start;
    signal steps[n + 1];
    steps[0] <== start;
    for (var i = 0; i < n; i++) steps[i + 1] <== steps[i] * steps[i] + (i + 1);
    last === steps[n];
}
