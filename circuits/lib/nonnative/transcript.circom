// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../sponge.circom";
include "challenge_bits.circom";
include "limb_element.circom";
include "packed_bits.circom";
include "packed_elements.circom";

/// NonnativeTranscript: everything a proof by one random combination commits to goes in, every challenge comes out.
/// There is no way to take a challenge and leave out what has to be absorbed before it, nor to absorb a number whose
/// limbs are not bounded: packed words would then say nothing about them. Weights and offset are absorbed as they were
/// read: some lanes have two readings, and what is drawn next has to depend on which was taken.
///
/// first, scalar   the statement: absorbed before the weights. scalar enforced: limbs of the width given
/// second          what depends on the weights: absorbed, after them, before the offset
/// element, third  the hints of all relations: absorbed, after the offset, before the multipliers. element enforced:
///                 limbs of the width given
/// coefficient     of the combined polynomials, of all moduli: absorbed one by one, before the point
/// first, second, third  assumed 0 or 1 (by their tag)
/// weightBits      enforced: a number of 120 bits for each weight, lowest bit first
/// offsetBits      enforced: one of 240 bits
/// multiplier      enforced: a number of 120 bits each, four limbs of 30
/// point           enforced
/// @param tag           constant: names the use and its shape, with zeros in the lowest 2 bits, for the stage
/// @param shape, scalarShape  constants: [limbs, bits of a limb, bits of the highest] of element and scalar
template NonnativeTranscript(
    tag, firstBits, scalars, scalarShape, weights, secondBits,
    elements, shape, thirdBits, multipliers, coefficients
) {
    signal input {binary} first[firstBits];
    signal input scalar[scalars][scalarShape[0]];
    signal input {binary} second[secondBits];
    signal input element[elements][shape[0]];
    signal input {binary} third[thirdBits];
    signal input coefficient[coefficients];
    signal output {binary} weightBits[weights][120];
    signal output {binary} offsetBits[240];
    signal output multiplier[multipliers][4];
    signal output point;

    // Each stage absorbs the first output of the one before, a digest of all that went in.
    component packedFirst = PackedBits(firstBits);
    packedFirst.bits <== first;
    component scalarWords = PackedElements(scalars, scalarShape);
    scalarWords.element <== scalar;
    var firstCount = (firstBits + WordBits() - 1) \ WordBits();
    var scalarCount = PackedElementsCount(scalars, scalarShape);
    component statement = PoseidonSponge(firstCount + scalarCount, 1 + (weights + 1) \ 2);
    statement.tag <== tag;
    for (var j = 0; j < firstCount; j++) { statement.in[j] <== packedFirst.words[j]; }
    for (var j = 0; j < scalarCount; j++) { statement.in[firstCount + j] <== scalarWords.words[j]; }
    component weightLane[(weights + 1) \ 2];
    for (var i = 0; i < weights; i++) {
        if (i % 2 == 0) {
            weightLane[i \ 2] = ChallengeBits();
            weightLane[i \ 2].lane <== statement.out[1 + i \ 2];
        }
        for (var k = 0; k < 120; k++) { weightBits[i][k] <== weightLane[i \ 2].bits[120 * (i % 2) + k]; }
    }

    var readBits = 120 * weights;
    component packedSecond = PackedBits(readBits + secondBits);
    for (var i = 0; i < weights; i++) {
        for (var k = 0; k < 120; k++) { packedSecond.bits[120 * i + k] <== weightBits[i][k]; }
    }
    for (var k = 0; k < secondBits; k++) { packedSecond.bits[readBits + k] <== second[k]; }
    var secondCount = (readBits + secondBits + WordBits() - 1) \ WordBits();
    component answer = PoseidonSponge(1 + secondCount, 2);
    answer.tag <== tag + 1;
    answer.in[0] <== statement.out[0];
    for (var j = 0; j < secondCount; j++) { answer.in[1 + j] <== packedSecond.words[j]; }
    offsetBits <== ChallengeBits()(answer.out[1]);

    component packedThird = PackedBits(240 + thirdBits);
    for (var k = 0; k < 240; k++) { packedThird.bits[k] <== offsetBits[k]; }
    for (var k = 0; k < thirdBits; k++) { packedThird.bits[240 + k] <== third[k]; }
    component elementWords = PackedElements(elements, shape);
    elementWords.element <== element;
    var thirdCount = (240 + thirdBits + WordBits() - 1) \ WordBits();
    var elementCount = PackedElementsCount(elements, shape);
    component hints = PoseidonSponge(1 + thirdCount + elementCount, 1 + (multipliers + 1) \ 2);
    hints.tag <== tag + 2;
    hints.in[0] <== answer.out[0];
    for (var j = 0; j < thirdCount; j++) { hints.in[1 + j] <== packedThird.words[j]; }
    for (var j = 0; j < elementCount; j++) { hints.in[1 + thirdCount + j] <== elementWords.words[j]; }
    component multiplierLane[(multipliers + 1) \ 2];
    for (var i = 0; i < multipliers; i++) {
        if (i % 2 == 0) {
            multiplierLane[i \ 2] = ChallengeLimbs();
            multiplierLane[i \ 2].lane <== hints.out[1 + i \ 2];
        }
        for (var k = 0; k < 4; k++) { multiplier[i][k] <== multiplierLane[i \ 2].limb[4 * (i % 2) + k]; }
    }

    component combined = PoseidonSponge(1 + coefficients, 1);
    combined.tag <== tag + 3;
    combined.in[0] <== hints.out[0];
    for (var k = 0; k < coefficients; k++) { combined.in[1 + k] <== coefficient[k]; }
    point <== combined.out[0];
}
