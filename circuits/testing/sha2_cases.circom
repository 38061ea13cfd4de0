// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../lib/binary.circom";
include "../lib/sha2/sha2_block.circom";
include "../lib/sha2/sha512_challenge.circom";

/*
 * Templates of lib/sha2 with parameters or tags that a main component can't have, with those filled in: for tests.
 */

template Sha2BlockOrNone(wordBits) {
    signal input start[8][wordBits];
    signal input message[16][wordBits];
    signal input enabled;
    signal output end[8][wordBits];
    signal {binary} flag <== Binary()(enabled);
    end <== Sha2Block(wordBits)(start, message, flag);
}

template Sha2AnyBlock(wordBits) {
    signal input start[8][wordBits];
    signal input message[16][wordBits];
    signal output end[8][wordBits];
    signal {binary} flag <== 1;
    end <== Sha2Block(wordBits)(start, message, flag);
}

template Sha2BigSigma(wordBits) {
    signal input in[wordBits];
    signal output out[wordBits] <== Sha2Sigma(wordBits, Sha2BigSigma0(wordBits), 0)(in);
}

template Sha2SmallSigma(wordBits) {
    signal input in[wordBits];
    signal output out[wordBits] <== Sha2Sigma(wordBits, Sha2SmallSigma1(wordBits), 1)(in);
}

/// A bit of the message's first word stands in one constraint only, which another carry fits as well.
template Sha2ScheduleOfBits(wordBits) {
    signal input message[16][wordBits];
    signal output words[Sha2Rounds(wordBits) - 2][wordBits];
    signal output last[2];
    signal {binary} bits[16][wordBits];
    for (var j = 0; j < 16; j++) { for (var i = 0; i < wordBits; i++) { bits[j][i] <== Binary()(message[j][i]); } }
    (words, last) <== Sha2Schedule(wordBits)(bits);
}

template Sha512ChallengeOfBits(maxBytes) {
    signal input r[256];
    signal input a[256];
    signal input padded[maxBytes + 1][8];
    signal output ended[maxBytes + 1];
    signal output h[512];
    signal {binary} rBits[256] <== r;
    signal {binary} aBits[256] <== a;
    signal {binary} paddedBits[maxBytes + 1][8] <== padded;
    (ended, h) <== Sha512Challenge(maxBytes)(rBits, aBits, paddedBits);
}
