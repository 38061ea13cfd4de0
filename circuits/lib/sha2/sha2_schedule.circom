// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "sha2_constants.circom";
include "sha2_sigma.circom";

/// Sha2Schedule: the message schedule W_t of FIPS 180-4, section 6.2.2 step 1.
/// message  assumed: bits
/// words    enforced: W_0 to W_(R-3) as bits
/// last     enforced: integers of [0, 2^(wordBits+2)) that are W_(R-2) and W_(R-1) modulo 2^wordBits [3]. Their bits
///          would serve nobody
/// @param wordBits  constant, 32 or 64
///
/// Why sound: sum = W_(t-16) + W_(t-7) + two sigmas, each a word of bits, is an integer below 2^(wordBits+2). By [1]
/// the word is one of [0, 2^wordBits) and carry[t] a bit. [2] says that (sum - word)/2^wordBits - carry[t] is 0 or 2 in
/// the field: sum = word + 2^wordBits (carry[t] + 2 c) with a bit c, both sides below 2^(wordBits+2), far from r: as
/// integers.
template Sha2Schedule(wordBits) {
    assert(wordBits == 32 || wordBits == 64);
    var rounds = Sha2Rounds(wordBits);
    signal input message[16][wordBits];
    signal output words[rounds - 2][wordBits];
    signal output last[2];

    signal sigma0[rounds][wordBits];
    signal sigma1[rounds][wordBits];
    signal carry[rounds - 2];
    var value[rounds]; // of each word: a sum of signals, no signal of its own
    for (var t = 0; t < 16; t++) {
        words[t] <== message[t];
        value[t] = 0;
        for (var i = 0; i < wordBits; i++) { value[t] += words[t][i] * (1 << i); }
    }
    for (var t = 16; t < rounds; t++) {
        sigma0[t] <== Sha2Sigma(wordBits, Sha2SmallSigma0(wordBits), 1)(words[t - 15]);
        sigma1[t] <== Sha2Sigma(wordBits, Sha2SmallSigma1(wordBits), 1)(words[t - 2]);
        var sum = value[t - 16] + value[t - 7];
        for (var i = 0; i < wordBits; i++) { sum += (sigma0[t][i] + sigma1[t][i]) * (1 << i); }
        if (t < rounds - 2) {
            value[t] = 0;
            for (var i = 0; i < wordBits; i++) {
                words[t][i] <-- (sum >> i) & 1;                 // HINT, pinned by [1] [2]
                words[t][i] * (words[t][i] - 1) === 0;          // [1]
                value[t] += words[t][i] * (1 << i);
            }
            carry[t] <-- (sum >> wordBits) & 1;                 // HINT, pinned by [1] [2]
            carry[t] * (carry[t] - 1) === 0;                    // [1]
            // The carry's second bit, as a sum of signals: a signal for it would cost a constraint.
            var high = ((sum - value[t]) / (1 << wordBits) - carry[t]) / 2;
            high * (high - 1) === 0;                            // [2]
        } else {
            last[t - rounds + 2] <== sum;                       // [3]
        }
    }
}
