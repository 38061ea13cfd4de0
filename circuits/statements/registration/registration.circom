// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "circomlib/circuits/babyjub.circom";
include "../../lib/assert_non_zero.circom";
include "../../lib/eddsa_poseidon.circom";

/// Registration: whoever made this proof holds the secret of a key that is fit to stand in a validator set, and has
/// signed the digest that names the operator, the chain and the contract it registers with.
///
/// Public, in the order of statement.ts:
/// keyX, keyY  enforced: 8 times a point of the curve [1] [2], so in the prime-order subgroup; not the identity
///             [5 of EddsaPoseidonVerify]; not Base8 [3]
/// digest      bound by the signature [4]. Assumed: that it is the digest of the operator, chain and contract, which
///             Coalition computes itself
/// Private:
/// eighthX, eighthY   a point Q with 8*Q = key; enforced on the curve [1]
/// r8x, r8y, s        signature by the key over digest; enforced [4]
template Registration() {
    signal input keyX;
    signal input keyY;
    signal input digest;
    signal input eighthX;
    signal input eighthY;
    signal input r8x;
    signal input r8y;
    signal input s;

    BabyCheck()(eighthX, eighthY);                             // [1]
    signal q2[2];
    signal q4[2];
    signal q8[2];
    (q2[0], q2[1]) <== BabyDbl()(eighthX, eighthY);
    (q4[0], q4[1]) <== BabyDbl()(q2[0], q2[1]);
    (q8[0], q8[1]) <== BabyDbl()(q4[0], q4[1]);
    q8[0] === keyX;                                            // [2]
    q8[1] === keyY;                                            // [2]

    // The other point with Base8's x is (x, -y) = -Base8 + (0, -1), which [2] excludes. So this refuses Base8 alone.
    AssertNonZero()(keyX - Base8X());                          // [3]

    signal {binary} enabled <== 1;
    EddsaPoseidonVerify()(enabled, keyX, keyY, r8x, r8y, s, digest); // [4]
}
