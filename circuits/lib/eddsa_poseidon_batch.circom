// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "poseidon_hash.circom";
include "aggregated_scalar.circom";
include "baby_jub.circom";
include "challenge_lane.circom";
include "challenge_product.circom";
include "fixed_base.circom";
include "fixed_base_tables.circom";
include "key_point.circom";
include "mirrored_bits.circom";
include "nonce_point.circom";
include "point_table.circom";
include "product_mod_order.circom";
include "signed_windows.circom";
include "straus_sum.circom";
include "transcript.circom";

/// HINT: a + b modulo l, in [-l, l], of two numbers of [-l, l].
function sumModOrder(a, b) {
    var l = SubgroupOrder();
    var sum = a + b;
    if (sum >= l) { sum = sum - l; }
    if (sum <= 0 - l) { sum = sum + l; }
    return sum;
}

/// EddsaPoseidonBatch: enforces that each (r8x, r8y, s)[i] is a signature of message[i] by the key (ax, ay)[i], as
/// circomlibjs's verifyPoseidon has it: points on the curve, s < l, s*B == R + h*(8*A), h = Poseidon(R, A, M) in its
/// canonical form; and that 8*A is not the identity. All at once, by one random combination (half-aggregation:
/// Chalkias, Garillot, Kondi, Nikolaenko, CT-RSA 2021):
///   sum z_i R_i + 8 sum e_i A_i + omega B == total B,   e_i = z_i h_i,   total = omega + sum z_i s_i   modulo l.
///
/// ax, ay    enforced: on the curve, of no order that divides 8 [1]
/// r8x, r8y  enforced: in the prime-order subgroup [2]
/// s         enforced: an integer below l [4]; with the rest a signature, up to the error below
/// message   any field elements; bound by h
/// @param n  constant, even, at most 128 (AggregatedScalar's bounds)
///
/// Why sound. D_i = R_i + 8 h_i A_i - s_i B is of the prime-order subgroup: B is, R_i by [2], and 8 A_i always. It is
/// bound before the weights are drawn: h_i binds R_i, A_i and M_i by Poseidon's collision resistance, the transcript
/// [5] binds h_i and s_i. By [6] to [10] the equation is sum z_i D_i = 0. If D_i is not zero for some i, then whatever
/// the other weights are, one z_i modulo l fulfils it; z_i is one of 2^120 odd numbers below 2^120 < l. So a batch with
/// a wrong signature passes for one transcript in 2^120; each further try costs a transcript.
/// (A nonce point at the identity enters as R + B and s + 1, NoncePoint: D_i is the same.)
///
/// Why the incomplete additions don't help. StrausSum's additions go astray only where the running sum, which is
/// c * omega * B plus what z, R, A and the choices below make, for a constant c that l does not divide, meets one of at
/// most two points. At n = 128 that is below 2^17 values of omega, out of the 2^240 that the transcript draws apart
/// from z. What a prover can still choose afterwards, and that an addition could meet, is, for each e_i, the second odd
/// number of (-2^251, 2^251) with the same residue, where there is one (three in ten): 2^128 choices at the very most,
/// 2^52 in the mean over e_i that z_i has made random; and a second reading of a lane below 2^240 (fewer than one in
/// 12388). So 2^-95 a transcript if everything went the attacker's way, some 2^-172 really. FixedBase has no such case,
/// whichever encoding of `total` it is given. All other parts are exact.
template EddsaPoseidonBatch(n) {
    assert(n >= 2 && n <= 128 && n % 2 == 0);
    signal input ax[n];
    signal input ay[n];
    signal input r8x[n];
    signal input r8y[n];
    signal input s[n];
    signal input message[n];

    // Before the weights: points, challenges, scalars.
    signal key[n][2];
    signal keySquared[n];
    signal nonce[n][2];
    signal nonceSquared[n];
    signal atIdentity[n];
    signal h[n];
    signal mirrored[n];
    signal low[n];
    signal scalar[n];
    for (var i = 0; i < n; i++) {
        (key[i], keySquared[i]) <== KeyPoint()(ax[i], ay[i]);                      // [1]
        (atIdentity[i], nonce[i], nonceSquared[i]) <== NoncePoint()(r8x[i], r8y[i]); // [2]
        h[i] <== PoseidonHash(5)([r8x[i], r8y[i], ax[i], ay[i], message[i]]);          // [3]
        (mirrored[i], low[i]) <== MirroredBits(250, 125, SubgroupOrder())(s[i]);   // [4]
        // In [-2^250, 2^250]: s or s - l, and one more for a nonce point that is the identity.
        scalar[i] <== s[i] - mirrored[i] * SubgroupOrder() + atIdentity[i];
    }
    signal lanes[n / 2 + 1] <== Transcript(n, n / 2 + 1)(h, s);                   // [5]

    // The weights: z = 2 z' - (2^120 - 1) for the two z' of a lane.
    signal z[n];
    var ones = (1 << 120) - 1;
    for (var i = 0; i < n; i++) {
        z[i] <-- 2 * ((lanes[i \ 2] >> (i % 2 == 0 ? 0 : 120)) & ones) - ones;    // HINT, pinned by [6] [8]
    }
    for (var k = 0; k < n / 2; k++) {
        ChallengeLane()(lanes[k], (z[2 * k] + ones) / 2 + (1 << 120) * (z[2 * k + 1] + ones) / 2); // [6]
    }

    // omega, of 240 bits, on a base that 253 doublings take to Base8.
    signal omegaBits[240];
    var omegaNumber = 0;
    for (var j = 0; j < 240; j++) {
        omegaBits[j] <-- (lanes[n / 2] >> j) & 1;                                  // HINT, pinned by [7] [12]
        omegaNumber += omegaBits[j] * (1 << j);
    }
    ChallengeLane()(lanes[n / 2], omegaNumber);                                    // [7]
    component omega = FixedBase(80, 42, OffsetTable());
    omega.bits <== omegaBits;                                                      // [12]

    // The digits of z_i R_i and e_i A_i.
    component straus = StrausSum(n);
    straus.start <== omega.point;
    component nonceTable[n];
    component nonceWindows[n];
    component keyTable[n];
    component keyWindows[n];
    signal e[n];
    signal eLow[n];
    for (var i = 0; i < n; i++) {
        nonceTable[i] = PointTable();
        nonceTable[i].point <== nonce[i];
        nonceTable[i].uSquared <== nonceSquared[i];
        nonceWindows[i] = SignedWindows(60, 60, 0);                                // [8]
        nonceWindows[i].point <== nonce[i];
        nonceWindows[i].triple <== nonceTable[i].triple;
        nonceWindows[i].slope <== nonceTable[i].slope;
        nonceWindows[i].shift <== nonceTable[i].shift;
        nonceWindows[i].value <== z[i];
        straus.nonceDigits[i] <== nonceWindows[i].digits;

        keyTable[i] = PointTable();
        keyTable[i].point <== key[i];
        keyTable[i].uSquared <== keySquared[i];
        // circom takes h in (p/2, p) for h - p, which is another residue; h - 4 l is not, and is below p/2.
        e[i] <-- productModOrder(z[i], h[i] < 0 ? h[i] - 4 * SubgroupOrder() : h[i]); // HINT, pinned by [9] [13]
        keyWindows[i] = SignedWindows(126, 65, 1);                                 // [13]
        keyWindows[i].point <== key[i];
        keyWindows[i].triple <== keyTable[i].triple;
        keyWindows[i].slope <== keyTable[i].slope;
        keyWindows[i].shift <== keyTable[i].shift;
        keyWindows[i].value <== e[i];
        straus.keyDigits[i] <== keyWindows[i].digits;
        eLow[i] <== keyWindows[i].low;
        ChallengeProduct()(h[i], z[i], e[i], eLow[i]);                             // [9]
    }

    // total, and total * B.
    var sum = omega.value;
    for (var i = 0; i < n; i++) { sum = sumModOrder(sum, productModOrder(z[i], scalar[i])); }
    var odd = sum < 0 ? 0 - sum : sum;
    if ((odd & 1) == 0) { sum = sum > 0 ? sum - SubgroupOrder() : sum + SubgroupOrder(); }
    var totalNumber = (sum + (1 << 252) - 1) >> 1;
    signal totalBits[252];
    for (var j = 0; j < 252; j++) { totalBits[j] <-- (totalNumber >> j) & 1; }     // HINT, pinned by [10] [14]
    component total = FixedBase(84, 42, Base8Table());
    total.bits <== totalBits;                                                      // [14]
    component aggregated = AggregatedScalar(n);                                    // [10]
    aggregated.z <== z;
    aggregated.s <== scalar;
    for (var i = 0; i < n; i++) { aggregated.sLow[i] <== low[i] - mirrored[i] + atIdentity[i]; }
    aggregated.offset <== omega.value;
    aggregated.offsetLow <== omega.low;
    aggregated.total <== total.value;
    aggregated.totalLow <== total.low;

    straus.sum === total.point;                                                    // [11]
}
