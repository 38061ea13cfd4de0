// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// Evaluation: the value at a point of the polynomial with these coefficients, lowest first: n - 1 constraints.
/// coefficients, at  any field elements
/// value             enforced
/// @param n  constant, at least 2
template Evaluation(n) {
    assert(n >= 2);
    signal input coefficients[n];
    signal input at;
    signal output value;
    signal partial[n - 1];
    for (var k = n - 2; k >= 0; k--) {
        if (k == n - 2) { partial[k] <== coefficients[n - 1] * at + coefficients[k]; }
        else { partial[k] <== partial[k + 1] * at + coefficients[k]; }
    }
    value <== partial[0];
}

/// DigitsEvaluation: the value at a point of a polynomial P with P(2^limbBits) = sum of digits[j] * 2^(digitBits * j):
/// coefficient k sums the digits whose place begins in limb k. A constraint a limb but the first.
/// digits, at  any field elements; the caller bounds the coefficients by the digits it admits
/// value       enforced
/// @param n, digitBits, limbBits  constants; at least two limbs
template DigitsEvaluation(n, digitBits, limbBits) {
    var limbs = (digitBits * (n - 1)) \ limbBits + 1;
    assert(limbs >= 2);
    signal input digits[n];
    signal input at;
    signal output value;
    var coefficients[limbs];
    for (var k = 0; k < limbs; k++) { coefficients[k] = 0; }
    for (var j = 0; j < n; j++) {
        coefficients[digitBits * j \ limbBits] += digits[j] * (1 << (digitBits * j % limbBits));
    }
    signal partial[limbs - 1];
    for (var k = limbs - 2; k >= 0; k--) {
        if (k == limbs - 2) { partial[k] <== coefficients[limbs - 1] * at + coefficients[k]; }
        else { partial[k] <== partial[k + 1] * at + coefficients[k]; }
    }
    value <== partial[0];
}
