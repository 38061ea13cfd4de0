// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "../../lib/poseidon_hash.circom";
include "../../lib/assert_non_zero.circom";
include "../../lib/binary.circom";
include "../../lib/eddsa_poseidon.circom";
include "../../lib/quaternary_place.circom";
include "../../lib/set_commitment.circom";
include "../../lib/validator_leaf.circom";

/// Equivocation: one validator of a set signed two different messages. Good for every capacity: the commitment names
/// it, and the proof shows the path of that shape.
///
/// Public, in the order of statement.ts:
/// setCommitment  enforced: commitment of a set of 16, 64 or 128 slots [1] [5]. Assumed: that such a set was sealed
/// leafIndex      enforced: the slot where the key stands, below the set's capacity [2] [3] [4]
/// keyX, keyY     enforced: the key of that slot [4]; on the curve and not of low order [6]
/// message1, message2  enforced: both signed by the key [6], different [7]. Assumed: that what they are digests of
///                contradict each other, which the contract judges from the attestations themselves
/// Private:
/// stake, epoch   bound by setCommitment [5]
/// isCapacity[3]  enforced: 0 or 1, one of them 1 [1]: the set's capacity is 16, 64 or 128
/// siblings[3][3] the other nodes at each 4-ary level, lowest first, in order; bound by setCommitment as far as the
///                set's shape reaches, free beyond (the third level at 16)
/// topSibling     the other half of a set of 128; free otherwise
/// r8x[2], r8y[2], s[2]  the signatures of message1 and message2, enforced [6]
template Equivocation() {
    signal input setCommitment;
    signal input leafIndex;
    signal input keyX;
    signal input keyY;
    signal input message1;
    signal input message2;
    signal input epoch;
    signal input stake;
    signal input isCapacity[3];
    signal input siblings[3][3];
    signal input topSibling;
    signal input r8x[2];
    signal input r8y[2];
    signal input s[2];

    signal {binary} is16 <== Binary()(isCapacity[0]);                         // [1]
    signal {binary} is64 <== Binary()(isCapacity[1]);                         // [1]
    signal {binary} is128 <== Binary()(isCapacity[2]);                        // [1]
    is16 + is64 + is128 === 1;                                                // [1]

    signal {binary} bit[7] <== Num2Bits(7)(leafIndex);                        // [2] below 128
    is16 * (bit[4] + bit[5] + bit[6]) === 0;                                  // [3] below 16
    is64 * bit[6] === 0;                                                      // [3] below 64

    // The node over the leaf at every height; the one at the set's own height is its root.
    signal leaf <== ValidatorLeaf()(keyX, keyY, stake);                       // [4]
    signal node4 <== QuaternaryPlace()(leaf, siblings[0], bit[0], bit[1]);
    signal node16 <== QuaternaryPlace()(node4, siblings[1], bit[2], bit[3]);
    signal node64 <== QuaternaryPlace()(node16, siblings[2], bit[4], bit[5]);
    signal left <== bit[6] * (topSibling - node64) + node64;
    signal node128 <== PoseidonHash(2)([left, node64 + topSibling - left]);

    signal root16 <== is16 * node16;
    signal root64 <== is64 * node64;
    signal root128 <== is128 * node128;
    signal commitment <== SetCommitment()(root16 + root64 + root128, 16 * is16 + 64 * is64 + 128 * is128, epoch);
    commitment === setCommitment;                                             // [5]

    signal {binary} enabled <== 1;
    EddsaPoseidonVerify()(enabled, keyX, keyY, r8x[0], r8y[0], s[0], message1); // [6]
    EddsaPoseidonVerify()(enabled, keyX, keyY, r8x[1], r8y[1], s[1], message2); // [6]

    AssertNonZero()(message1 - message2);                                     // [7]
}
