// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "limb_element.circom";

/// PackedWord: the number of up to 253 bits, lowest first.
/// bits  assumed 0 or 1 (by their tag)
/// word  enforced; below 2^n
/// @param n  constant, 1 to 253
template PackedWord(n) {
    assert(n >= 1 && n <= WordBits());
    signal input {binary} bits[n];
    signal output word;
    // Sums of sums: the compiler copies a sum at each term it adds.
    var total = 0;
    for (var from = 0; from < n; from += 16) {
        var part = 0;
        for (var i = from; i < n && i < from + 16; i++) { part += bits[i] * (1 << i); }
        total += part;
    }
    word <== total;
}

/// PackedBits: bits in words of 253.
/// bits   assumed 0 or 1 (by their tag)
/// words  enforced: bit i of words[j] is bits[253 j + i]; the last word has zeros above
/// @param n  constant, at least 1
template PackedBits(n) {
    assert(n >= 1);
    var count = (n + WordBits() - 1) \ WordBits();
    signal input {binary} bits[n];
    signal output words[count];
    component word[count];
    for (var j = 0; j < count; j++) {
        var size = j == count - 1 ? n - WordBits() * j : WordBits();
        word[j] = PackedWord(size);
        for (var i = 0; i < size; i++) { word[j].bits[i] <== bits[WordBits() * j + i]; }
        words[j] <== word[j].word;
    }
}
