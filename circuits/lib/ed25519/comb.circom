// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../nonnative/evaluation.circom";
include "comb_table.circom";
include "curve25519.circom";

/// CombWindow: digit * P for a constant P, of its 32 odd multiples from P to 63P, in 43 constraints.
/// bits   assumed 0 or 1 (by their tag): the sign, 1 for negative, then the magnitude's five, lowest first
/// digit  enforced: (1 - 2 bits[0]) (2 m + 1) for the magnitude m
/// point  enforced: coordinates' values at `at`, in limbs of 32 bits
/// @param row  constants: of each multiple u below 2^128, u above it, v below, v above (comb_table.circom)
///
/// A limb of the m-th multiple is a polynomial of degree one in each bit of m; its coefficients follow from the 32
/// values (Moebius inversion). They multiply the products of bits, which serve all limbs.
template CombWindow(row) {
    signal input {binary} bits[6];
    signal input at;
    signal output digit;
    signal output point[2];

    var coefficients[32][16];
    for (var m = 0; m < 32; m++) {
        for (var k = 0; k < 16; k++) { coefficients[m][k] = (row[m][k \ 4] >> (32 * (k % 4))) & 0xffffffff; }
    }
    for (var b = 0; b < 5; b++) {
        for (var m = 0; m < 32; m++) {
            if ((m >> b) & 1 == 1) {
                for (var k = 0; k < 16; k++) { coefficients[m][k] -= coefficients[m - (1 << b)][k]; }
            }
        }
    }

    signal products[32];
    var magnitude = 0;
    products[0] <== 1;
    for (var b = 0; b < 5; b++) {
        products[1 << b] <== bits[b + 1];
        for (var m = 1; m < 1 << b; m++) { products[(1 << b) + m] <== products[m] * bits[b + 1]; }
        magnitude += bits[b + 1] * (1 << b);
    }
    digit <== (1 - 2 * bits[0]) * (2 * magnitude + 1);

    var limbs[16];
    for (var k = 0; k < 16; k++) {
        limbs[k] = 0;
        for (var m = 0; m < 32; m++) { limbs[k] += coefficients[m][k] * products[m]; }
    }
    signal partial[2][7];
    for (var c = 0; c < 2; c++) {
        for (var k = 6; k >= 0; k--) {
            if (k == 6) { partial[c][k] <== limbs[8 * c + 7] * at + limbs[8 * c + k]; }
            else { partial[c][k] <== partial[c][k + 1] * at + limbs[8 * c + k]; }
        }
    }
    point[0] <== partial[0][0];
    point[1] <== (1 - 2 * bits[0]) * partial[1][0];
}

/// Bounds of Comb: [u, v, sum of the relations'].
function CombBounds(windows) {
    var E = ElementBound();
    var u = E;
    var v = E;
    var relations = 0;
    for (var k = 1; k < windows; k++) {
        relations += AddRelationBound(u, v, E, E);
        var next = SumUBound(u, E);
        v = SumVBound(u, v, next);
        u = next;
    }
    return [u, v, relations];
}

/// Comb: (sum of 64^k digits[k]) * 8B, B the base point of Ed25519.
/// bits    assumed 0 or 1 (by their tag): six a window, as CombWindow has them
/// at      any field element
/// slopes  hints, bound by the relations being zero modulo p
/// digits  enforced: odd, from -63 to 63
/// point, relations  enforced
/// @param windows  constant, 2 to 42
///
/// Why no addition goes astray. The sum below window k is an odd number smaller than 64^k in absolute value, a window's
/// an odd multiple of 64^k below 64^(k + 1): as numbers neither equal nor opposite, and less than
/// 64^(k + 1) <= 2^252 < L apart, so neither modulo the order L of 8B.
template Comb(windows) {
    assert(windows >= 2 && windows <= 42);
    signal input {binary} bits[6 * windows];
    signal input at;
    signal input slopes[windows - 1];
    signal output digits[windows];
    signal output point[2];
    signal output relations[windows - 1];
    var table[42][32][4] = CombTable();
    component window[windows];
    component add[windows - 1];
    for (var k = 0; k < windows; k++) {
        window[k] = CombWindow(table[k]);
        for (var i = 0; i < 6; i++) { window[k].bits[i] <== bits[6 * k + i]; }
        window[k].at <== at;
        digits[k] <== window[k].digit;
        if (k > 0) {
            add[k - 1] = CurveAdd();
            if (k == 1) {
                add[0].u1 <== window[0].point[0];
                add[0].v1 <== window[0].point[1];
            } else {
                add[k - 1].u1 <== add[k - 2].u3;
                add[k - 1].v1 <== add[k - 2].v3;
            }
            add[k - 1].u2 <== window[k].point[0];
            add[k - 1].v2 <== window[k].point[1];
            add[k - 1].slope <== slopes[k - 1];
            relations[k - 1] <== add[k - 1].relation;
        }
    }
    point[0] <== add[windows - 2].u3;
    point[1] <== add[windows - 2].v3;
}
