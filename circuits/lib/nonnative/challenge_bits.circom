// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../challenge_lane.circom";
include "native_bits.circom";

/// ChallengeBits: the low 240 bits of a transcript's lane.
/// lane  any field element
/// bits  enforced: a reading of the lane, lowest first; all but one lane in 17862 have one reading, the others two
///       (ChallengeLane). So a transcript of k lanes has (1 + 1/17862)^k readings in the mean
template ChallengeBits() {
    signal input lane;
    signal output {binary} bits[240];
    var number = 0;
    for (var from = 0; from < 240; from += 16) {
        var part = 0;
        for (var i = from; i < from + 16; i++) {
            bits[i] <-- (lane >> i) & 1;                       // HINT, pinned by [1] [2]
            bits[i] * (bits[i] - 1) === 0;                     // [1]
            part += bits[i] * (1 << i);
        }
        number += part;
    }
    ChallengeLane()(lane, number);                             // [2]
}

/// ChallengeLimbs: the same in limbs of 30 bits: of two multipliers of 120 bits, the first's four and the second's.
/// lane  any field element
/// limb  enforced: in [0, 2^30); a reading of the lane, as ChallengeBits has it
template ChallengeLimbs() {
    signal input lane;
    signal output limb[8];
    var number = 0;
    for (var k = 0; k < 8; k++) {
        limb[k] <-- (lane >> (30 * k)) & ((1 << 30) - 1);      // HINT, pinned by [1] [2]
        NativeBits(30)(limb[k]);                               // [1]
        number += limb[k] * (1 << (30 * k));
    }
    ChallengeLane()(lane, number);                             // [2]
}
