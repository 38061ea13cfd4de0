// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "circomlib/circuits/babyjub.circom";
include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/compconstant.circom";
include "circomlib/circuits/escalarmulany.circom";
include "circomlib/circuits/escalarmulfix.circom";
include "poseidon_hash.circom";
include "assert_non_zero.circom";
include "baby_jub.circom";

/// EddsaPoseidonVerify: enforces that (r8x, r8y, s) is a signature of `message` by the key (ax, ay), as circomlibjs's
/// verifyPoseidon has it: S*Base8 == R8 + h*(8*A), h = Poseidon(R8x, R8y, Ax, Ay, M) in its one canonical form.
///
/// It is circomlib's EdDSAPoseidonVerifier, from the same parts, with what that leaves to its caller:
/// both points on the curve [1] [2]; and without its free witnesses (the comparison there hints an inverse of zero).
///
/// enabled   binary, enforced by the caller (tag). At 0 only the comparison [7] is dropped
/// ax, ay    enforced: on the curve [1], and 8*A not the identity [5]. Parts of small order are cleared by the factor 8
/// r8x, r8y  enforced: on the curve [2]; when enabled in the prime-order subgroup, since by [7] it is S*Base8 - h*8*A
/// s         enforced: below the subgroup's order l [3]
/// message   any field element; bound by h
///
/// Why no addition inside is degenerate: the curve's law is complete for points on it, and 8*A has order l, so the
/// Montgomery ladders of EscalarMulAny never meet equal or opposite points (their scalars stay below 2^149).
/// EscalarMulFix has one scalar (mod 2^249) at which its last addition has no solution: S below 2^249 with
/// S = l - 2^250 - (8^83 - 1)/7. It can only refuse; nobody can aim a signature at it without inverting h.
template EddsaPoseidonVerify() {
    signal input {binary} enabled;
    signal input ax;
    signal input ay;
    signal input r8x;
    signal input r8y;
    signal input s;
    signal input message;

    BabyCheck()(ax, ay);                                       // [1]
    BabyCheck()(r8x, r8y);                                     // [2]

    signal sBits[253] <== Num2Bits(253)(s);
    component sAbove = CompConstant(SubgroupOrder() - 1);
    for (var i = 0; i < 253; i++) { sAbove.in[i] <== sBits[i]; }
    sAbove.in[253] <== 0;
    sAbove.out === 0;                                          // [3]

    signal h <== PoseidonHash(5)([r8x, r8y, ax, ay, message]);
    signal hBits[254] <== Num2Bits_strict()(h);                // [4] h itself, never h + r

    signal a2[2];
    signal a4[2];
    signal a8[2];
    (a2[0], a2[1]) <== BabyDbl()(ax, ay);
    (a4[0], a4[1]) <== BabyDbl()(a2[0], a2[1]);
    (a8[0], a8[1]) <== BabyDbl()(a4[0], a4[1]);
    // x = 0 only at the identity and at the point of order 2: 4*A is one of them just when 8*A is the identity.
    AssertNonZero()(a4[0]);                                    // [5]

    signal hA[2] <== EscalarMulAny(254)(hBits, a8);
    signal right[2];
    (right[0], right[1]) <== BabyAdd()(r8x, r8y, hA[0], hA[1]); // [6]
    signal left[2] <== EscalarMulFix(253, [Base8X(), Base8Y()])(sBits);

    enabled * (left[0] - right[0]) === 0;                      // [7]
    enabled * (left[1] - right[1]) === 0;                      // [7]
}
