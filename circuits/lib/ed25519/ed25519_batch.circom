// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../binary.circom";
include "../nonnative/combination.circom";
include "../nonnative/evaluation.circom";
include "../nonnative/transcript.circom";
include "../nonnative/zero_modulo.circom";
include "canonical_sign.circom";
include "comb.circom";
include "curve25519.circom";
include "decompressed_point.circom";
include "odd_multiples.circom";
include "scalar_below_order.circom";
include "straus_ed25519.circom";

/// "phalanx ed25519 1" in ASCII, then n in 16 bits and 8 for the stage.
function Ed25519Tag(n) { return 0x7068616c616e7820656432353531392031000000 + n * 256; }

/// p = 2^255 - 19 and L = 2^252 + 27742317777372353535851937790883648493, in limbs of 32 bits.
function FieldModulus() {
    return [4294967277, 4294967295, 4294967295, 4294967295, 4294967295, 4294967295, 4294967295, 2147483647];
}
function OrderModulus() {
    return [1559614445, 1477600026, 2734136534, 350157278, 0, 0, 0, 268435456];
}

/// Windows of the offset's comb, and of the sum's.
function OffsetWindows() { return 22; }
function SumWindows() { return 42; }

/// Elements that are hints: three a point, the tables' slopes, the combs', Straus's, three doublings.
function BatchElements(n) {
    return 6 * n + 8 * (2 * n - 1) + OffsetWindows() - 1 + SumWindows() - 1 + StrausHints(n) + 3;
}

/// Relations modulo p: one an element, and that two points are equal.
function BatchRelations(n) { return BatchElements(n) + 2; }

/// Multipliers: as many as have a pair for each relation.
function BatchMultipliers(n) {
    var count = 1;
    while (count * (count + 1) \ 2 < BatchRelations(n)) { count++; }
    return count;
}

/// The least k with bound * 2^64 <= 2^k: coefficients of a combination, whose multipliers' products' coefficients sum
/// to less than (4 * 2^30)^2 = 2^64.
function CombinationBits(bound) {
    assert(bound < (1 << 200));
    var k = 0;
    while ((1 << k) < bound) { k++; }
    return k + 64;
}

/// Bits of the coefficients of the combination modulo p.
function FieldCombinationBits(n) {
    var offset[3] = CombBounds(OffsetWindows());
    var sum[3] = CombBounds(SumWindows());
    var table[3] = OddMultiplesBounds();
    var straus[3] = StrausBounds(n, offset[0], offset[1]);
    var bound = 2 * n * DecompressionBound() + (2 * n - 1) * table[2] + offset[2] + sum[2] + straus[2];
    var u = straus[0];
    var v = straus[1];
    for (var k = 0; k < 3; k++) {
        bound += DoubleRelationBound(u, v);
        var next = SumUBound(u, u);
        v = SumVBound(u, v, next);
        u = next;
    }
    return CombinationBits(bound + u + sum[0] + v + sum[1]);
}

/// Bits of the coefficients of the combination modulo L. Limbs are below 2^32, but those of the combs' digits below
/// 2^38; a weight has 4.
function OrderCombinationBits(n) {
    var product = 4 * (1 << 64);
    return CombinationBits(2 * n * (product + (1 << 32)) + (1 << 38) + (1 << (38 + 27)));
}

/// Ed25519Batch: enforces that for each i the encodings a[i] and r[i] and some s < L are a valid Ed25519 signature with
/// SHA-512(R | A | M) = h[i], by the rule of ZIP-215: A and R points of edwards25519 under any encoding (y taken modulo
/// p, x = 0 with either sign), 8 s B = 8 R + 8 h A. The circuit's README argues why, with every bound.
///
/// a, r  assumed 0 or 1 (by their tag): bit i of the encoding as a number, bit 255 the sign of x
/// h     assumed 0 or 1 (by their tag): the digest as a number, not reduced
/// Hints, all but the quotients absorbed before the challenges they must not depend on [1]:
/// s                 enforced: below L [2]
/// keyDigits         enforced 0 or 1 [3]: odd digits of d_i = z_i h_i modulo L, z_0 = 1
/// sumDigits         enforced 0 or 1 [3]: odd digits of D = sum z_i s_i + 2^251 tau modulo L
/// exceptional       enforced 0 or 1 [3]: DecompressedPoint
/// element           enforced: limbs of 32 bits, the last 31 [1]
/// fieldCoefficient, orderCoefficient  enforced by [4] to [7]
/// fieldQuotient, orderQuotient        enforced by [6] [7] over the integers, whatever was drawn: not absorbed, nor
///                                     need they be
/// @param n  constant, 1 to 32
template Ed25519Batch(n) {
    assert(n >= 1 && n <= 32);
    var elements = BatchElements(n);
    var multipliers = BatchMultipliers(n);
    var fieldBits = FieldCombinationBits(n);
    var orderBits = OrderCombinationBits(n);
    var fieldCount = 35;                                       // degree 4 * 7 of a double, 2 * 3 of multipliers
    var orderCount = 25;                                       // 3 + 15 of z h, and the same

    signal input {binary} a[n][256];
    signal input {binary} r[n][256];
    signal input {binary} h[n][512];
    signal input s[n][8];
    signal input keyDigits[n][252];
    signal input sumDigits[252];
    signal input exceptional[2 * n][2];
    signal input element[elements][8];
    signal input fieldCoefficient[fieldCount];
    signal input orderCoefficient[orderCount];
    signal input fieldQuotient[QuotientLimbs(fieldCount, 32, 255)];
    signal input orderQuotient[QuotientLimbs(orderCount, 32, 253)];

    component transcript = NonnativeTranscript(                // [1]
        Ed25519Tag(n), 1028 * n, n, [8, 32, 29], n - 1, 252 * n,
        elements, [8, 32, 31], 252, multipliers, fieldCount + orderCount
    );
    signal {binary} encoding[2 * n][256];
    signal {binary} keyBits[n][252];
    signal {binary} sumBits[252];
    signal {binary} isExceptional[2 * n][2];
    for (var i = 0; i < n; i++) {
        encoding[i] <== a[i];
        encoding[n + i] <== r[i];
        for (var k = 0; k < 256; k++) {
            transcript.first[1024 * i + k] <== encoding[i][k];
            transcript.first[1024 * i + 256 + k] <== encoding[n + i][k];
        }
        for (var k = 0; k < 512; k++) { transcript.first[1024 * i + 512 + k] <== h[i][k]; }
        transcript.scalar[i] <== s[i];
        ScalarBelowOrder()(s[i]);                              // [2]
        for (var k = 0; k < 252; k++) {
            keyBits[i][k] <== Binary()(keyDigits[i][k]);       // [3]
            transcript.second[252 * i + k] <== keyBits[i][k];
        }
    }
    for (var k = 0; k < 252; k++) {
        sumBits[k] <== Binary()(sumDigits[k]);                 // [3]
        transcript.third[k] <== sumBits[k];
    }
    for (var j = 0; j < 2 * n; j++) {
        for (var k = 0; k < 2; k++) {
            isExceptional[j][k] <== Binary()(exceptional[j][k]); // [3]
            transcript.first[1024 * n + 2 * j + k] <== isExceptional[j][k];
        }
    }
    transcript.element <== element;
    for (var k = 0; k < fieldCount; k++) { transcript.coefficient[k] <== fieldCoefficient[k]; }
    for (var k = 0; k < orderCount; k++) { transcript.coefficient[fieldCount + k] <== orderCoefficient[k]; }

    // Values at the point.
    signal point <== transcript.point;
    signal power[8];
    power[0] <== 1;
    for (var k = 1; k < 8; k++) { power[k] <== power[k - 1] * point; }
    var mapFactorLimbs[8] = MapFactor();
    var quarterPointLimbs[8] = QuarterPointV();
    var mapFactorSum = 0;
    var quarterPointSum = 0;
    for (var k = 0; k < 8; k++) {
        mapFactorSum += mapFactorLimbs[k] * power[k];
        quarterPointSum += quarterPointLimbs[k] * power[k];
    }
    signal mapFactor <== mapFactorSum;
    signal quarterPointV <== quarterPointSum;
    signal value[elements];
    for (var e = 0; e < elements; e++) { value[e] <== Evaluation(8)(element[e], point); }
    signal multiplier[multipliers];
    for (var k = 0; k < multipliers; k++) { multiplier[k] <== Evaluation(4)(transcript.multiplier[k], point); }

    // Relations modulo p, in the order of the elements.
    component combined = Combination(BatchRelations(n), multipliers);
    combined.multiplier <== multiplier;
    var next = 0;
    component decompressed[2 * n];
    signal curvePoint[2 * n][2];
    for (var j = 0; j < 2 * n; j++) {
        curvePoint[j] <== [value[next], value[next + 1]];
        decompressed[j] = DecompressedPoint();
        decompressed[j].encoding <== encoding[j];
        decompressed[j].exceptional <== isExceptional[j];
        decompressed[j].u <== value[next];
        decompressed[j].v <== value[next + 1];
        decompressed[j].x <== value[next + 2];
        decompressed[j].at <== point;
        decompressed[j].mapFactor <== mapFactor;
        decompressed[j].quarterPointV <== quarterPointV;
        CanonicalSign()(element[next + 2], encoding[j][255]);
        for (var k = 0; k < 3; k++) { combined.relation[next + k] <== decompressed[j].relations[k]; }
        next += 3;
    }

    component straus = StrausEd25519(n);
    component table[2 * n - 1];
    for (var j = 0; j < 2 * n - 1; j++) {
        table[j] = OddMultiples();
        table[j].point <== curvePoint[j < n ? j : j + 1];
        for (var k = 0; k < 8; k++) { table[j].slopes[k] <== value[next + k]; }
        for (var k = 0; k < 8; k++) { combined.relation[next + k] <== table[j].relations[k]; }
        next += 8;
        if (j < n) {
            straus.keyU[j] <== table[j].u;
            straus.keyV[j] <== table[j].v;
        } else {
            straus.nonceU[j - n] <== table[j].u;
            straus.nonceV[j - n] <== table[j].v;
        }
    }

    component offset = Comb(OffsetWindows());
    for (var k = 0; k < 6 * OffsetWindows(); k++) { offset.bits[k] <== transcript.offsetBits[k]; }
    offset.at <== point;
    for (var k = 0; k < OffsetWindows() - 1; k++) { offset.slopes[k] <== value[next + k]; }
    for (var k = 0; k < OffsetWindows() - 1; k++) { combined.relation[next + k] <== offset.relations[k]; }
    next += OffsetWindows() - 1;

    straus.start <== offset.point;
    straus.single <== curvePoint[n];
    straus.keyBits <== keyBits;
    straus.nonceBits <== transcript.weightBits;
    for (var k = 0; k < StrausHints(n); k++) { straus.hints[k] <== value[next + k]; }
    for (var k = 0; k < StrausHints(n); k++) { combined.relation[next + k] <== straus.relations[k]; }
    next += StrausHints(n);

    component double[3];
    for (var k = 0; k < 3; k++) {
        double[k] = CurveDouble();
        if (k == 0) {
            double[k].u <== straus.point[0];
            double[k].v <== straus.point[1];
        } else {
            double[k].u <== double[k - 1].u3;
            double[k].v <== double[k - 1].v3;
        }
        double[k].slope <== value[next];
        combined.relation[next] <== double[k].relation;
        next++;
    }

    component sum = Comb(SumWindows());
    sum.bits <== sumBits;
    sum.at <== point;
    for (var k = 0; k < SumWindows() - 1; k++) { sum.slopes[k] <== value[next + k]; }
    for (var k = 0; k < SumWindows() - 1; k++) { combined.relation[next + k] <== sum.relations[k]; }
    next += SumWindows() - 1;
    assert(next == elements);
    combined.relation[next] <== double[2].u3 - sum.point[0];
    combined.relation[next + 1] <== double[2].v3 - sum.point[1];

    // Relations modulo L: d_i - z_i h_i, and D - sum of z_i s_i - 2^251 tau. 2^251 is X^7 2^27.
    component combinedScalars = Combination(n + 1, multipliers);
    combinedScalars.multiplier <== multiplier;
    signal scalar[n];
    signal hash[n];
    signal weight[n - 1];
    signal weighted[n - 1][2];
    signal key[n];
    var total = 0;
    for (var i = 0; i < n; i++) {
        scalar[i] <== Evaluation(8)(s[i], point);
        hash[i] <== DigitsEvaluation(512, 1, 32)(h[i], point);
        var product = hash[i];
        if (i > 0) {
            weight[i - 1] <== DigitsEvaluation(30, 4, 32)(straus.nonceDigits[i - 1], point);
            weighted[i - 1][0] <== weight[i - 1] * hash[i];
            weighted[i - 1][1] <== weight[i - 1] * scalar[i];
            product = weighted[i - 1][0];
            total += weighted[i - 1][1];
        } else {
            total += scalar[0];
        }
        key[i] <== DigitsEvaluation(63, 4, 32)(straus.keyDigits[i], point);
        combinedScalars.relation[i] <== key[i] - product;
    }
    signal tau <== DigitsEvaluation(OffsetWindows(), 6, 32)(offset.digits, point);
    signal shifted <== tau * power[7];
    signal sumScalar <== DigitsEvaluation(SumWindows(), 6, 32)(sum.digits, point);
    combinedScalars.relation[n] <== sumScalar - total - (1 << 27) * shifted;

    // The combinations are the polynomials whose coefficients were absorbed, and multiples of p and L at 2^32.
    signal fieldValue <== Evaluation(fieldCount)(fieldCoefficient, point);
    signal orderValue <== Evaluation(orderCount)(orderCoefficient, point);
    fieldValue === combined.out;                               // [4]
    orderValue === combinedScalars.out;                        // [5]
    ZeroModulo(fieldCount, fieldBits, 32, FieldModulus(), 8, 255)(fieldCoefficient, fieldQuotient); // [6]
    ZeroModulo(orderCount, orderBits, 32, OrderModulus(), 8, 253)(orderCoefficient, orderQuotient); // [7]
}
