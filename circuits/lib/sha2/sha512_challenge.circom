// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "sha2_block.circom";
include "sha2_constants.circom";

/// Sha512Challenge: Ed25519's SHA-512(R | A | M) (RFC 8032, section 5.1.7) for an M of 0 to maxBytes bytes, in two
/// blocks at most.
/// r, a    assumed: bits (tag). The encodings as little-endian integers: bit 8k + i is bit i of byte k, of weight 2^i
///         there
/// padded  assumed: bits (tag); padded[j][i] is bit i of byte j. Enforced: M, then 0x80, then zeros [1] [2] [3]
/// ended   enforced: ended[j] = 1 where M has at most j bytes, else 0; so its length is the number of zeros [1]
/// h       enforced: bits; the digest as a little-endian integer, not reduced [4] to [7]
/// @param maxBytes  constant, 63 to 175: R, A, M, one byte and the 16 of the length fit two blocks of 128
///
/// Why sound. Nothing here is the prover's choice but `padded`. By [1] ended[j] is 1 where no byte after j has its
/// highest bit set, else 0. So there is one place, by [2], where ended goes from 0 to 1, which is the last byte whose
/// highest bit is set: the length of M. By [3] that byte is 0x80 and those after it are zero. Every byte string of 0 to
/// maxBytes bytes has exactly one such form, and the other way round: padded and M are the same thing. FIPS 180-4 puts
/// the length in the last 16 bytes of the block in which the 0x80 and those 16 have room: the first when M has at most
/// 47 bytes, else the second. [4] and [5] add it where padded is zero as shown, or where nothing is. In a short message
/// the second block is none [6]; its words are bits and no more.
template Sha512Challenge(maxBytes) {
    assert(maxBytes >= 63 && maxBytes <= 175);
    signal input {binary} r[256];
    signal input {binary} a[256];
    signal input {binary} padded[maxBytes + 1][8];
    signal output {binary} ended[maxBytes + 1];
    signal output {binary} h[512];

    ended[maxBytes] <== 1;
    for (var j = maxBytes; j >= 0; j--) {
        if (j > 0) { ended[j - 1] <== ended[j] * (1 - padded[j][7]); }       // [1]
        else { ended[0] * (1 - padded[0][7]) === 0; }                        // [2]
        var rest = 0;
        for (var i = 0; i < 7; i++) { rest += padded[j][i] * (1 << i); }
        ended[j] * rest === 0;                                               // [3]
    }

    // Bits of 64 + length, the bytes hashed, by the one j where ended goes from 0 to 1; and the same if j is below 48.
    signal long[8];
    signal short[8];
    for (var i = 0; i < 8; i++) {
        var sum = 0;
        var sumShort = 0;
        for (var j = 0; j <= maxBytes; j++) {
            var isLength = j == 0 ? ended[0] : ended[j] - ended[j - 1];
            if (((64 + j) >> i) & 1 == 1) {
                sum += isLength;
                if (j < 48) { sumShort += isLength; }
            }
        }
        long[i] <== sum;
        short[i] <== sumShort;
    }

    component block[2];
    for (var n = 0; n < 2; n++) {
        block[n] = Sha2Block(64);
        for (var w = 0; w < 16; w++) {
            for (var i = 0; i < 64; i++) {
                // Bit i of a word is bit i % 8 of the byte i \ 8 places before its last: words are big-endian.
                var byte = 128 * n + 8 * w + 7 - i \ 8;
                var length = w == 15 && i >= 3 && i < 11 ? 1 : 0; // 8 times the bytes, in bits
                if (byte < 32) { block[n].message[w][i] <== r[8 * byte + i % 8]; }
                else if (byte < 64) { block[n].message[w][i] <== a[8 * (byte - 32) + i % 8]; }
                else if (length == 1 && n == 0) {
                    block[n].message[w][i] <== padded[byte - 64][i % 8] + short[i - 3];   // [4]
                }
                else if (length == 1) { block[n].message[w][i] <== long[i - 3]; }        // [5]
                else if (byte - 64 <= maxBytes) { block[n].message[w][i] <== padded[byte - 64][i % 8]; }
                else { block[n].message[w][i] <== 0; }
            }
        }
    }
    for (var j = 0; j < 8; j++) {
        for (var i = 0; i < 64; i++) { block[0].start[j][i] <== (Sha2Start(64, j) >> i) & 1; }
    }
    signal {binary} first <== 1;
    block[0].enabled <== first;
    block[1].start <== block[0].end;
    signal {binary} second <== 1 - ended[47];                                // [6]
    block[1].enabled <== second;
    for (var k = 0; k < 64; k++) {
        for (var i = 0; i < 8; i++) { h[8 * k + i] <== block[1].end[k \ 8][56 - 8 * (k % 8) + i]; } // [7]
    }
}
