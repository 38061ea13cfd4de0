// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "limb_element.circom";

/// Bits of an element beyond its whole words.
function ElementRestBits(shape) { return (shape[1] * (shape[0] - 1) + shape[2]) % WordBits(); }

/// Words of PackedElements.
function PackedElementsCount(n, shape) {
    var whole = (shape[1] * (shape[0] - 1) + shape[2]) \ WordBits();
    var restBits = ElementRestBits(shape);
    var perWord = restBits == 0 ? n : WordBits() \ restBits;
    return n * whole + (restBits == 0 ? 0 : (n + perWord - 1) \ perWord);
}

/// PackedElements: enforces the widths of all limbs, and packs their bits: first each element's whole words, then what
/// is left of them, as many in a word as it holds.
/// element  enforced: LimbElement
/// words    enforced: different elements, different words
/// @param n      constant, at least 1
/// @param shape  constants: [limbs, bits of a limb, bits of the highest]
template PackedElements(n, shape) {
    var whole = (shape[1] * (shape[0] - 1) + shape[2]) \ WordBits();
    var restBits = ElementRestBits(shape);
    var count = PackedElementsCount(n, shape);
    signal input element[n][shape[0]];
    signal output words[count];
    component packed[n];
    for (var e = 0; e < n; e++) {
        packed[e] = LimbElement(shape[0], shape[1], shape[2]);
        packed[e].limb <== element[e];
        for (var j = 0; j < whole; j++) { words[whole * e + j] <== packed[e].words[j]; }
    }
    if (restBits > 0) {
        var perWord = WordBits() \ restBits;
        for (var j = 0; whole * n + j < count; j++) {
            var total = 0;
            for (var i = 0; i < perWord && perWord * j + i < n; i++) {
                total += packed[perWord * j + i].rest * (1 << (restBits * i));
            }
            words[whole * n + j] <== total;
        }
    }
}
