// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../../lib/binary.circom";
include "../../lib/evaluated_data.circom";
include "../../lib/sha2/sha512_challenge.circom";
include "slot_words.circom";

/// "phalanx slots 1" in ASCII, then n in 16 bits: a sponge of its own for each version and number of slots.
function SlotsTag(n) { return 0x7068616c616e7820736c6f747320310000 + n; }

/// SignedSlots: the statement's data, and what each slot's signature is about.
/// key, nonce  enforced: bits [1] of the encodings A and R as little-endian integers
/// padded      enforced: bits [1]; the message, 0x80 and zeros [2]
/// challenge   any field element: rho
/// digest, evaluation        enforced: of the slots' keys and messages and of rho [3] [4]
/// keyBits, nonceBits, hash  enforced: bits of A, of R and of SHA-512(R | A | M) as little-endian integers [1] [2]
/// @param n  constant, 1 to 65535
template SignedSlots(n) {
    assert(n >= 1 && n < (1 << 16));
    signal input key[n][256];
    signal input nonce[n][256];
    signal input padded[n][SlotMessageBytes() + 1][8];
    signal input challenge;
    signal output digest;
    signal output evaluation;
    signal output {binary} keyBits[n][256];
    signal output {binary} nonceBits[n][256];
    signal output {binary} hash[n][512];

    signal {binary} paddedBits[n][SlotMessageBytes() + 1][8];
    component sha512[n];
    component words[n];
    component data = EvaluatedData(SlotWordCount() * n);
    for (var s = 0; s < n; s++) {
        for (var i = 0; i < 256; i++) {
            keyBits[s][i] <== Binary()(key[s][i]);                             // [1]
            nonceBits[s][i] <== Binary()(nonce[s][i]);                         // [1]
        }
        for (var j = 0; j <= SlotMessageBytes(); j++) {
            for (var i = 0; i < 8; i++) { paddedBits[s][j][i] <== Binary()(padded[s][j][i]); } // [1]
        }
        sha512[s] = Sha512Challenge(SlotMessageBytes());                       // [2]
        sha512[s].r <== nonceBits[s];
        sha512[s].a <== keyBits[s];
        sha512[s].padded <== paddedBits[s];
        hash[s] <== sha512[s].h;
        words[s] = SlotWords();                                                // [3]
        words[s].key <== keyBits[s];
        words[s].padded <== paddedBits[s];
        words[s].ended <== sha512[s].ended;
        for (var k = 0; k < SlotWordCount(); k++) { data.words[SlotWordCount() * s + k] <== words[s].words[k]; }
    }
    data.tag <== SlotsTag(n);
    data.challenge <== challenge;
    digest <== data.digest;                                                    // [4]
    evaluation <== data.evaluation;
}
