// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// Bytes of a slot's longest message, and words of a slot.
function SlotMessageBytes() { return 175; }
function SlotWordCount() { return 7; }

/// SlotWords: what a slot of the statement says, in seven words of 31 bytes, first byte highest
/// (protocol/signature-slots.ts): one byte of length, 32 of key, 175 of message with zeros after its length, 9 of zero.
/// key     assumed: bits (tag); bit 8k + i is bit i of byte k
/// padded  assumed: the message, 0x80 and zeros, bit by bit (Sha512Challenge enforces it)
/// ended   assumed: ended[j] = 1 where the message has at most j bytes, else 0 (Sha512Challenge enforces it)
/// words   enforced; each below 2^248, as each byte is of [0, 255]: the one that is not just bits loses the 0x80 that
///         it is
template SlotWords() {
    signal input {binary} key[256];
    signal input {binary} padded[SlotMessageBytes() + 1][8];
    signal input {binary} ended[SlotMessageBytes() + 1];
    signal output words[SlotWordCount()];

    for (var w = 0; w < SlotWordCount(); w++) {
        var word = 0;
        for (var k = 31 * w; k < 31 * w + 31; k++) {
            var byte = 0;
            if (k == 0) {
                for (var j = 0; j <= SlotMessageBytes(); j++) { byte += 1 - ended[j]; }
            } else if (k < 33) {
                for (var i = 0; i < 8; i++) { byte += key[8 * (k - 1) + i] * (1 << i); }
            } else if (k < 33 + SlotMessageBytes()) {
                var j = k - 33;
                for (var i = 0; i < 8; i++) { byte += padded[j][i] * (1 << i); }
                byte -= 128 * (j == 0 ? ended[0] : ended[j] - ended[j - 1]);
            }
            word = 256 * word + byte;
        }
        words[w] <== word;
    }
}
