// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "assert_at_most.circom";

/// ChallengeLane: enforces that 240 bits of a transcript's lane are `number`.
/// lane    any field element
/// number  assumed an integer of [0, 2^240)
///
/// lane = number + 2^240 rest modulo p [2] with 0 <= rest <= floor(p / 2^240) [1]. The right side is below p + 2^240,
/// so all but the lanes below 12389 * 2^240 - p (one in 17862) are read in one way only; those can also be read as
/// lane + p, an independent number. What a prover gains by that is counted where the lane is used: in
/// EddsaPoseidonBatch, and in the README of nonnative.
template ChallengeLane() {
    signal input lane;
    signal input number;
    var restLimit = (0 - 1) >> 240;                            // of p - 1, the same as of p
    assert(restLimit == 12388);
    signal rest <-- lane >> 240;                               // HINT, pinned by [1] [2]
    AssertAtMost(14, restLimit)(rest);                         // [1]
    lane === number + (1 << 240) * rest;                       // [2]
}
