// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "native_bits.circom";
include "native_split.circom";

/// Bits that a word of a transcript holds: less than the field has, so that a word is read in one way only.
function WordBits() { return 253; }

/// LimbElement: enforces the limbs' widths, and packs their bits into words: a constraint a bit, one more a whole word.
/// limb   enforced: limb[k] in [0, 2^limbBits), the last in [0, 2^topBits)
/// words  enforced: bit i of words[j] is bit 253 j + i of the number of these limbs
/// rest   enforced: the number's bits from 253 * whole on, below 2^((limbBits * (limbs - 1) + topBits) % 253)
/// @param limbs, limbBits, topBits  constants, limbBits and topBits at most 126
template LimbElement(limbs, limbBits, topBits) {
    assert(limbs >= 1 && topBits >= 1 && topBits <= limbBits && limbBits <= 126);
    var whole = (limbBits * (limbs - 1) + topBits) \ WordBits();
    signal input limb[limbs];
    signal output words[whole];
    signal output rest;

    var sums[whole + 1];
    for (var j = 0; j <= whole; j++) { sums[j] = 0; }
    component inside[limbs];
    component across[limbs];
    for (var k = 0; k < limbs; k++) {
        var start = limbBits * k;
        var size = k == limbs - 1 ? topBits : limbBits;
        var word = start \ WordBits();
        var room = WordBits() * (word + 1) - start;
        if (room >= size) {
            inside[k] = NativeBits(size);
            inside[k].in <== limb[k];
            sums[word] += limb[k] * (1 << (start % WordBits()));
        } else {
            across[k] = NativeSplit(room, size - room);
            across[k].in <== limb[k];
            sums[word] += (limb[k] - across[k].upper * (1 << room)) * (1 << (start % WordBits()));
            sums[word + 1] += across[k].upper;
        }
    }
    for (var j = 0; j < whole; j++) { words[j] <== sums[j]; }
    rest <== sums[whole];
}
