// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../lib/binary.circom";
include "../lib/ed25519/canonical_sign.circom";
include "../lib/ed25519/comb.circom";
include "../lib/ed25519/decompressed_point.circom";
include "../lib/ed25519/ed25519_batch.circom";
include "../lib/ed25519/select_multiple.circom";

/*
 * Parts of Ed25519Batch with tags that a main component can't have: for tests.
 */

/// What the batch's template counts and bounds for itself.
template BatchNumbers(n) {
    signal output elements <== BatchElements(n);
    signal output multipliers <== BatchMultipliers(n);
    signal output fieldBits <== FieldCombinationBits(n);
    signal output orderBits <== OrderCombinationBits(n);
    signal input nothing;
    nothing * nothing === nothing;
}

/// Ed25519Batch with inputs that it makes bits of: 1024 n constraints more.
template Ed25519BatchCase(n) {
    signal input a[n][256];
    signal input r[n][256];
    signal input h[n][512];
    signal input s[n][8];
    signal input keyDigits[n][252];
    signal input sumDigits[252];
    signal input exceptional[2 * n][2];
    signal input element[BatchElements(n)][8];
    signal input fieldCoefficient[35];
    signal input orderCoefficient[25];
    signal input fieldQuotient[QuotientLimbs(35, 32, 255)];
    signal input orderQuotient[QuotientLimbs(25, 32, 253)];
    component batch = Ed25519Batch(n);
    signal {binary} digest[n][512];
    for (var i = 0; i < n; i++) {
        for (var k = 0; k < 256; k++) {
            batch.a[i][k] <== Binary()(a[i][k]);
            batch.r[i][k] <== Binary()(r[i][k]);
        }
        for (var k = 0; k < 512; k++) { digest[i][k] <== Binary()(h[i][k]); }
    }
    batch.h <== digest;
    batch.s <== s;
    batch.keyDigits <== keyDigits;
    batch.sumDigits <== sumDigits;
    batch.exceptional <== exceptional;
    batch.element <== element;
    batch.fieldCoefficient <== fieldCoefficient;
    batch.orderCoefficient <== orderCoefficient;
    batch.fieldQuotient <== fieldQuotient;
    batch.orderQuotient <== orderQuotient;
}

template CanonicalSignCase() {
    signal input limb[8];
    signal input sign;
    signal {binary} checked <== Binary()(sign);
    CanonicalSign()(limb, checked);
}

template SelectMultipleCase() {
    signal input bits[4];
    signal input u[8];
    signal input v[8];
    signal output digit;
    signal output point[2];
    signal {binary} checked[4];
    for (var i = 0; i < 4; i++) { checked[i] <== Binary()(bits[i]); }
    (digit, point) <== SelectMultiple()(checked, u, v);
}

/// A window of Comb: digits and points of row k.
template CombWindowCase(k) {
    signal input bits[6];
    signal input at;
    signal output digit;
    signal output point[2];
    var table[42][32][4] = CombTable();
    component window = CombWindow(table[k]);
    for (var i = 0; i < 6; i++) { window.bits[i] <== Binary()(bits[i]); }
    window.at <== at;
    digit <== window.digit;
    point <== window.point;
}

template DecompressedPointCase() {
    signal input encoding[256];
    signal input exceptional[2];
    signal input u;
    signal input v;
    signal input x;
    signal input at;
    signal input mapFactor;
    signal input quarterPointV;
    signal output relations[3];
    component point = DecompressedPoint();
    for (var i = 0; i < 256; i++) { point.encoding[i] <== Binary()(encoding[i]); }
    for (var i = 0; i < 2; i++) { point.exceptional[i] <== Binary()(exceptional[i]); }
    point.u <== u;
    point.v <== v;
    point.x <== x;
    point.at <== at;
    point.mapFactor <== mapFactor;
    point.quarterPointV <== quarterPointV;
    relations <== point.relations;
}
