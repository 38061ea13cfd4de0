// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "range_check.circom";

/// Shares are whole thirty-thousandths, so that two thirds is exact (protocol/share.ts).
function ShareDenominator() { return 30000; }
function MinShare() { return 20000; }

/// AssertQuorum: enforces signedStake * 30000 > share * totalStake, strictly, and 20000 <= share < 30000.
/// signedStake, totalStake  assumed below 2^stakeBits (the caller range-checks every stake it sums)
/// share                    enforced [1] [2]
/// @param stakeBits  constant, at most 128: both products stay below 2^(stakeBits + 15), far from r
template AssertQuorum(stakeBits) {
    assert(stakeBits >= 1 && stakeBits <= 128);
    signal input signedStake;
    signal input totalStake;
    signal input share;

    // share - 20000 in [0, 2^14) and 29999 - share in [0, 2^14): their meet is [20000, 29999].
    RangeCheck(14)(share - MinShare());                        // [1]
    RangeCheck(14)(ShareDenominator() - 1 - share);            // [2]

    // The excess lies in (-2^(stakeBits+15), 2^(stakeBits+15)); a negative one is near r and has no such bits.
    signal shareOfTotal <== share * totalStake;
    RangeCheck(stakeBits + 15)(signedStake * ShareDenominator() - shareOfTotal - 1); // [3] strict by the - 1
}
