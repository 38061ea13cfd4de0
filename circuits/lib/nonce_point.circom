// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "baby_jub.circom";
include "binary.circom";
include "eighth.circom";
include "montgomery_double.circom";

/// NoncePoint: enforces that R = (r8x, r8y) lies in the prime-order subgroup; gives it in Montgomery form. The
/// identity, which that form lacks, and which is a lawful nonce point, is given as Base8: whoever uses `point` adds
/// `isIdentity` to the signature's scalar, as R + Base8 belongs to S + 1.
/// r8x, r8y    any field elements
/// isIdentity  enforced 0 or 1 [1]; 1 just when R is (0, 1): then [2] asks it, and else [5] has no solution there
/// point       enforced: R, or Base8 in place of (0, 1); in the subgroup, of order l, v not zero
/// uSquared    enforced [6]
///
/// Q is a point of the curve [3]. [4] doubles it three times; a multiple that is (0, 0) stops that, so no step meets
/// the identity, and 8Q is a point (u, v) of order l. [5] says that (r8x, r8y) is its Edwards form. The other way
/// round, each point of order l is 8Q for the Q = R / 8 of order l.
template NoncePoint() {
    signal input r8x;
    signal input r8y;
    signal output {binary} isIdentity;
    signal output point[2];
    signal output uSquared;

    signal atIdentity <-- r8x == 0 && r8y == 1;                // HINT, pinned by [1] [2] [5]
    isIdentity <== Binary()(atIdentity);                       // [1]
    isIdentity * r8x === 0;                                    // [2]
    isIdentity * (r8y - 1) === 0;                              // [2]
    var x = r8x + isIdentity * Base8X();
    var y = r8y + isIdentity * (Base8Y() - 1);

    var eighth[2] = eighthInMontgomery(x, y);
    signal multiple[4][2];                                     // Q, 2Q, 4Q, 8Q
    signal squared[4];
    component double[3];
    multiple[0][0] <-- eighth[0];                              // HINT, pinned by [3] [4] [5]
    multiple[0][1] <-- eighth[1];                              // HINT, pinned by [3] [4] [5]
    signal vSquared <== multiple[0][1] * multiple[0][1];
    for (var i = 0; i < 4; i++) {
        squared[i] <== multiple[i][0] * multiple[i][0];        // [6]
        if (i < 3) {
            double[i] = MontgomeryDouble();                    // [4]
            double[i].in <== multiple[i];
            double[i].uSquared <== squared[i];
            multiple[i + 1] <== double[i].out;
        }
    }
    multiple[0][0] * (squared[0] + MontgomeryA() * multiple[0][0] + 1) === vSquared; // [3]

    x * multiple[3][1] === multiple[3][0];                     // [5] x = u / v
    y * (multiple[3][0] + 1) === multiple[3][0] - 1;           // [5] y = (u - 1) / (u + 1)
    point <== multiple[3];
    uSquared <== squared[3];
}
