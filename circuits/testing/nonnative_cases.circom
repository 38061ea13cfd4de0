// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../lib/binary.circom";
include "../lib/nonnative/combination.circom";
include "../lib/nonnative/evaluation.circom";
include "../lib/nonnative/transcript.circom";
include "../lib/nonnative/zero_modulo.circom";

/*
 * The non-native engine with parameters and tags that a main component can't have, and a proof of one product made with
 * it: for tests.
 */

/// Limbs of 32 bits of secp256k1's field and BLS12-381's.
function CaseModulus(which) {
    if (which == 0) {
        return [
            4294966319, 4294967294, 4294967295, 4294967295, 4294967295, 4294967295, 4294967295, 4294967295, 0, 0, 0, 0
        ];
    }
    return [
        4294945451, 3120496639, 2975072255, 514588670, 4138792484, 1731252896, 4085584575, 1685539716, 1129032919,
        1260103606, 964683418, 436277738
    ];
}
function CaseLimbs(which) { return which == 0 ? 8 : 12; }
function CaseTopBits(which) { return which == 0 ? 32 : 29; }
function CaseModulusBits(which) { return which == 0 ? 256 : 381; }

template PackedElementsCase(n, limbs, topBits) {
    signal input element[n][limbs];
    signal output words[PackedElementsCount(n, [limbs, 32, topBits])];
    words <== PackedElements(n, [limbs, 32, topBits])(element);
}

template PackedBitsCase(n) {
    signal input bits[n];
    signal output words[(n + 252) \ 253];
    signal {binary} checked[n];
    for (var i = 0; i < n; i++) { checked[i] <== Binary()(bits[i]); }
    words <== PackedBits(n)(checked);
}

/// Every challenge as a number.
template TranscriptCase() {
    signal input first[300];
    signal input scalar[2][8];
    signal input second[5];
    signal input element[3][8];
    signal input third[4];
    signal input coefficient[4];
    signal output weight[3];
    signal output offset;
    signal output multiplier[3];
    signal output point;
    component transcript = NonnativeTranscript(4096, 300, 2, [8, 32, 29], 3, 5, 3, [8, 32, 31], 4, 3, 4);
    for (var i = 0; i < 300; i++) { transcript.first[i] <== Binary()(first[i]); }
    for (var i = 0; i < 5; i++) { transcript.second[i] <== Binary()(second[i]); }
    for (var i = 0; i < 4; i++) { transcript.third[i] <== Binary()(third[i]); }
    transcript.scalar <== scalar;
    transcript.element <== element;
    transcript.coefficient <== coefficient;
    for (var i = 0; i < 3; i++) {
        var number = 0;
        for (var k = 0; k < 120; k++) { number += transcript.weightBits[i][k] * (1 << k); }
        weight[i] <== number;
        number = 0;
        for (var k = 0; k < 4; k++) { number += transcript.multiplier[i][k] * (1 << (30 * k)); }
        multiplier[i] <== number;
    }
    var number = 0;
    for (var k = 0; k < 240; k++) { number += transcript.offsetBits[k] * (1 << k); }
    offset <== number;
    point <== transcript.point;
}

template ZeroModuloCase(count, bound) {
    signal input coefficient[count];
    signal input quotient[QuotientLimbs(count, 32, 256)];
    ZeroModulo(count, bound, 32, CaseModulus(0), 8, 256)(coefficient, quotient);
}

/// x y = z modulo a prime, with the engine as its users use it.
/// @param bound  constant, of the combination's coefficients
template ProductModulo(which, bound) {
    var limbs = CaseLimbs(which);
    var count = 2 * (limbs - 1) + 7;
    signal input element[3][limbs];
    signal input coefficient[count];
    signal input quotient[QuotientLimbs(count, 32, CaseModulusBits(which))];
    component transcript = NonnativeTranscript(
        8192, 1, 1, [1, 1, 1], 1, 1, 3, [limbs, 32, CaseTopBits(which)], 1, 1, count
    );
    signal {binary} none <== 0;
    transcript.first <== [none];
    transcript.second <== [none];
    transcript.third <== [none];
    transcript.scalar <== [[0]];
    transcript.element <== element;
    transcript.coefficient <== coefficient;
    signal value[3];
    for (var e = 0; e < 3; e++) { value[e] <== Evaluation(limbs)(element[e], transcript.point); }
    signal product <== value[0] * value[1] - value[2];
    signal multiplier <== Evaluation(4)(transcript.multiplier[0], transcript.point);
    signal combined <== Combination(1, 1)([product], [multiplier]);
    signal claimed <== Evaluation(count)(coefficient, transcript.point);
    claimed === combined;
    ZeroModulo(count, bound, 32, CaseModulus(which), limbs, CaseModulusBits(which))(coefficient, quotient);
}
