// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "../../lib/assert_quorum.circom";
include "../../lib/baby_jub.circom";
include "../../lib/binary.circom";
include "../../lib/eddsa_poseidon_batch.circom";
include "../../lib/range_check.circom";
include "../../lib/set_commitment.circom";
include "../../lib/validator_leaf.circom";
include "../../lib/validator_root.circom";

/// Quorum: validators of one set, together holding strictly more than a share of its stake, signed one message.
///
/// Public, in the order of statement.ts:
/// setCommitment  enforced: commitment of the very slots counted below [1]. Assumed: that it is a set to be trusted
///                (CheckpointLedger), and that no key stands in it twice (Coalition): a key twice would count twice
/// message        bound by every counted signature [8]. Assumed: what it means
/// signers        enforced: bit i is 1 just when slot i's signature is counted; below 2^capacity [2]
/// share          enforced: in [20000, 30000) [9]
/// Private:
/// epoch          bound by setCommitment [1]
/// present[i]     enforced: 0 or 1 [3]; 1 just when slot i holds a validator [4] [1]: a present leaf is never zero, for
///                that would be a Poseidon preimage of zero
/// keyX[i], keyY[i], stake[i]  bound by setCommitment when present [4] [1]; free, and counted for nothing, when not.
///                stake enforced below 2^64 in every slot [5], whatever the set's maker let in: sums below
///                capacity * 2^64 and no wrap
/// r8x[i], r8y[i], s[i]  enforced: slot i's signature of message when signed, else one by Base8, whose secret is 1,
///                e.g. (0, 1) and 8h [8]
///
/// @param capacity  constant: 16, 64 or 128 (4 in tests); at most 128, for signers to have one form and sums to fit
template Quorum(capacity) {
    assert(capacity >= 4 && capacity <= 128);
    signal input setCommitment;
    signal input message;
    signal input signers;
    signal input share;
    signal input epoch;
    signal input present[capacity];
    signal input keyX[capacity];
    signal input keyY[capacity];
    signal input stake[capacity];
    signal input r8x[capacity];
    signal input r8y[capacity];
    signal input s[capacity];

    signal {binary} signed[capacity] <== Num2Bits(capacity)(signers);         // [2]

    signal {binary} isPresent[capacity];
    signal validatorLeaf[capacity];
    signal leaves[capacity];
    signal presentStake[capacity];
    signal signedStake[capacity];
    signal ax[capacity];
    signal ay[capacity];
    signal messages[capacity];
    var totalStake = 0;
    var totalSignedStake = 0;
    for (var i = 0; i < capacity; i++) {
        isPresent[i] <== Binary()(present[i]);                               // [3]
        validatorLeaf[i] <== ValidatorLeaf()(keyX[i], keyY[i], stake[i]);
        leaves[i] <== isPresent[i] * validatorLeaf[i];                        // [4]

        RangeCheck(64)(stake[i]);                                             // [5]
        presentStake[i] <== isPresent[i] * stake[i];
        signedStake[i] <== signed[i] * stake[i];
        totalStake += presentStake[i];
        totalSignedStake += signedStake[i];

        signed[i] * (1 - isPresent[i]) === 0;                                 // [6] only a validator signs

        // Base8 in place of an unsigned key, so that anybody can fill the slot whatever key stands there (it may even
        // be off the curve). The flag is bound: a counted signature is checked under the leaf's own key.
        ax[i] <== signed[i] * (keyX[i] - Base8X()) + Base8X();                // [7]
        ay[i] <== signed[i] * (keyY[i] - Base8Y()) + Base8Y();                // [7]
        messages[i] <== message;
    }
    EddsaPoseidonBatch(capacity)(ax, ay, r8x, r8y, s, messages);              // [8]

    signal root <== ValidatorRoot(capacity)(leaves);
    signal commitment <== SetCommitment()(root, capacity, epoch);
    commitment === setCommitment;                                             // [1]

    // 2^64 stakes, at most 2^7 of them.
    AssertQuorum(71)(totalSignedStake, totalStake, share);                    // [9]
}
