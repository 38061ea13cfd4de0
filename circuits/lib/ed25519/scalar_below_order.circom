// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../nonnative/native_bits.circom";

/// ScalarBelowOrder: enforces s < L = 2^252 + 27742317777372353535851937790883648493, the order of Ed25519's base
/// point.
/// limb  assumed: in [0, 2^32), the last in [0, 2^29) (by the transcript)
///
/// s >= 2^252 just where top is 1 [1] [2]; then the bits from 128 to 251 are zero [3], and the low 128 are less than
/// L's [4].
template ScalarBelowOrder() {
    signal input limb[8];
    var LOW = 27742317777372353535851937790883648493;
    signal top <-- limb[7] >> 28;                              // HINT, pinned by [1] [2]
    top * (top - 1) === 0;                                     // [1]
    NativeBits(28)(limb[7] - top * (1 << 28));                 // [2]
    var middle = limb[4] + limb[5] * (1 << 32) + limb[6] * (1 << 64) + (limb[7] - top * (1 << 28)) * (1 << 96);
    top * middle === 0;                                        // [3]
    var low = limb[0] + limb[1] * (1 << 32) + limb[2] * (1 << 64) + limb[3] * (1 << 96);
    NativeBits(128)(low + top * ((1 << 128) - LOW));           // [4]
}
