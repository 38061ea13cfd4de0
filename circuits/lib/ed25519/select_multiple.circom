// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// SelectMultiple: digit * P of P's odd multiples, in 16 constraints.
/// bits   assumed 0 or 1 (by their tag): the sign, 1 for negative, then the magnitude's three, lowest first
/// u, v   P, 3P, ..., 15P
/// digit  enforced: (1 - 2 bits[0]) (2 m + 1) for the magnitude m: each odd number from -15 to 15 in one way
/// point  enforced
template SelectMultiple() {
    signal input {binary} bits[4];
    signal input u[8];
    signal input v[8];
    signal output digit;
    signal output point[2];
    digit <== (1 - 2 * bits[0]) * (2 * (bits[1] + 2 * bits[2] + 4 * bits[3]) + 1);

    signal uPair[4];
    signal vPair[4];
    for (var k = 0; k < 4; k++) {
        uPair[k] <== bits[1] * (u[2 * k + 1] - u[2 * k]) + u[2 * k];
        vPair[k] <== bits[1] * (v[2 * k + 1] - v[2 * k]) + v[2 * k];
    }
    signal uHalf[2];
    signal vHalf[2];
    for (var k = 0; k < 2; k++) {
        uHalf[k] <== bits[2] * (uPair[2 * k + 1] - uPair[2 * k]) + uPair[2 * k];
        vHalf[k] <== bits[2] * (vPair[2 * k + 1] - vPair[2 * k]) + vPair[2 * k];
    }
    point[0] <== bits[3] * (uHalf[1] - uHalf[0]) + uHalf[0];
    signal positive <== bits[3] * (vHalf[1] - vHalf[0]) + vHalf[0];
    point[1] <== (1 - 2 * bits[0]) * positive;
}
