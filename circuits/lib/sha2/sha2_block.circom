// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "sha2_choice_pair.circom";
include "sha2_constants.circom";
include "sha2_majority.circom";
include "sha2_schedule.circom";
include "sha2_sigma.circom";

/// Sha2Block: one block of SHA-512 or SHA-256 (FIPS 180-4, sections 6.4.2 and 6.2.2), or none. Bit i of a word has
/// weight 2^i.
/// start    assumed: bits; the hash value before the block
/// message  assumed: bits; the block's words, first byte highest
/// enabled  assumed: 0 or 1 (tag); with 0, end = start and the message does not matter
/// end      enforced: bits; the hash value after it
/// @param wordBits  constant, 32 or 64
///
/// Why sound. N is 2^wordBits. With bits in, sigmas, majorities, choices and schedule are exact; [1] makes the words of
/// a and e bits.
/// - e. Let X_t = d + h + K + W + Sigma1 + Ch - e' - N carry. The bits of [1] spell carry; its highest bit in odd
///   rounds is no signal but what makes X_t + scale X_(t+1) zero in the field, t even, and [2] makes it a bit. Each of
///   the six terms is below N, in the last two rounds W below 4N and carry below 16, else below 8: |X| < 16N. With
///   scale = 2^16 N the pair lies within 16N (1 + 2^16 N) < 2^150: zero as an integer. So scale divides X_t, which is
///   smaller: X_t = 0, and X_(t+1) = 0. Of all six terms Ch alone is no sum of bits: the pair's choices stand in for
///   both.
/// - a. What FIPS adds to T1 = e' - d is Sigma0 + Maj. By [3], u = e' - d + Sigma0 + Maj, an integer of (-N, 3N), is a'
///   + N (-1 + low + 2 high), two bits: an integer identity, as all is below 2^(wordBits+3). So a' = u modulo N, and u
///   itself serves for the last a, which no later round takes bit by bit.
/// - end. By [4], added is 0 or the last round's word, for the first the u above; by [5] end = start + added - N carry,
///   the carry of [0, 1], for the first word of [-1, 6]: as integers again.
template Sha2Block(wordBits) {
    assert(wordBits == 32 || wordBits == 64);
    var rounds = Sha2Rounds(wordBits);
    signal input start[8][wordBits];
    signal input message[16][wordBits];
    signal input {binary} enabled;
    signal output end[8][wordBits];

    var scale = 1 << (wordBits + 16);
    component schedule = Sha2Schedule(wordBits);
    schedule.message <== message;

    // Round t makes a[t + 4] and e[t + 4] of the four before; b, c, d are older a, and f, g, h older e.
    signal a[rounds + 3][wordBits];
    signal e[rounds + 4][wordBits];
    signal sigma0[rounds][wordBits];
    signal sigma1[rounds][wordBits];
    signal majority[rounds][wordBits];
    signal choices[rounds / 2][wordBits];
    signal carryE[rounds][4];
    signal carryA[rounds - 1];
    // Values of words: sums of signals, no signals of their own.
    var aValue[rounds + 4];
    var eValue[rounds + 4];
    for (var j = 0; j < 4; j++) {
        a[3 - j] <== start[j];
        e[3 - j] <== start[4 + j];
        aValue[3 - j] = 0;
        eValue[3 - j] = 0;
        for (var i = 0; i < wordBits; i++) {
            aValue[3 - j] += start[j][i] * (1 << i);
            eValue[3 - j] += start[4 + j][i] * (1 << i);
        }
    }

    for (var t = 0; t < rounds; t += 2) {
        var difference = 0; // X_t + scale X_(t+1), but for the choices and the last bit of a carry
        var carryBits = t < rounds - 2 ? 3 : 4;
        for (var k = t; k < t + 2; k++) {
            sigma1[k] <== Sha2Sigma(wordBits, Sha2BigSigma1(wordBits), 0)(e[k + 3]);
            var sum = aValue[k] + eValue[k] + Sha2RoundConstant(wordBits, k);
            if (k >= rounds - 2) { sum += schedule.last[k - rounds + 2]; }
            var choice = 0; // for the hints
            for (var i = 0; i < wordBits; i++) {
                sum += sigma1[k][i] * (1 << i);
                if (k < rounds - 2) { sum += schedule.words[k][i] * (1 << i); }
                choice += (e[k + 1][i] + e[k + 3][i] * (e[k + 2][i] - e[k + 1][i])) * (1 << i);
            }
            var total = sum + choice;
            eValue[k + 4] = 0;
            for (var i = 0; i < wordBits; i++) {
                e[k + 4][i] <-- (total >> i) & 1;                          // HINT, pinned by [1] [2]
                e[k + 4][i] * (e[k + 4][i] - 1) === 0;                     // [1]
                eValue[k + 4] += e[k + 4][i] * (1 << i);
            }
            var rest = sum - eValue[k + 4];
            for (var i = 0; i < carryBits - (k - t); i++) {
                carryE[k][i] <-- (total >> (wordBits + i)) & 1;            // HINT, pinned by [1] [2]
                carryE[k][i] * (carryE[k][i] - 1) === 0;                   // [1]
                rest -= carryE[k][i] * (1 << (wordBits + i));
            }
            difference += rest * (k == t ? 1 : scale);

            sigma0[k] <== Sha2Sigma(wordBits, Sha2BigSigma0(wordBits), 0)(a[k + 3]);
            majority[k] <== Sha2Majority(wordBits)(a[k + 3], a[k + 2], a[k + 1]);
            var u = eValue[k + 4] - aValue[k];
            for (var i = 0; i < wordBits; i++) { u += (sigma0[k][i] + majority[k][i]) * (1 << i); }
            aValue[k + 4] = u;
            if (k < rounds - 1) {
                aValue[k + 4] = 0;
                var positive = u + (1 << wordBits);
                for (var i = 0; i < wordBits; i++) {
                    a[k + 4][i] <-- (positive >> i) & 1;                   // HINT, pinned by [1] [3]
                    a[k + 4][i] * (a[k + 4][i] - 1) === 0;                 // [1]
                    aValue[k + 4] += a[k + 4][i] * (1 << i);
                }
                carryA[k] <-- (positive >> wordBits) & 1;                  // HINT, pinned by [1] [3]
                carryA[k] * (carryA[k] - 1) === 0;                         // [1]
                var high = ((positive - aValue[k + 4]) / (1 << wordBits) - carryA[k]) / 2;
                high * (high - 1) === 0;                                   // [3]
            }
        }
        choices[t / 2] <== Sha2ChoicePair(wordBits, scale)(e[t + 4], e[t + 3], e[t + 2], e[t + 1]);
        for (var i = 0; i < wordBits; i++) { difference += choices[t / 2][i] * (1 << i); }
        var last = difference / (scale * (1 << (wordBits + carryBits - 1)));
        last * (last - 1) === 0;                                           // [2]
    }

    signal added[8];
    signal carryEnd[2];
    for (var j = 0; j < 8; j++) {
        added[j] <== enabled * (j < 4 ? aValue[rounds + 3 - j] : eValue[rounds + 7 - j]); // [4]
        // From the first word, N more than it is: its u may be negative.
        var sum = added[j] + (j == 0 ? 1 << wordBits : 0);
        for (var i = 0; i < wordBits; i++) { sum += start[j][i] * (1 << i); }
        var carry = sum;
        for (var i = 0; i < wordBits; i++) {
            end[j][i] <-- (sum >> i) & 1;                                  // HINT, pinned by [1] [5]
            end[j][i] * (end[j][i] - 1) === 0;                             // [1]
            carry -= end[j][i] * (1 << i);
        }
        carry = carry / (1 << wordBits);
        if (j == 0) {
            for (var i = 0; i < 2; i++) {
                carryEnd[i] <-- (sum >> (wordBits + i)) & 1;               // HINT, pinned by [1] [5]
                carryEnd[i] * (carryEnd[i] - 1) === 0;                     // [1]
                carry -= carryEnd[i] * (1 << i);
            }
            carry = carry / 4;
        }
        carry * (carry - 1) === 0;                                         // [5]
    }
}
