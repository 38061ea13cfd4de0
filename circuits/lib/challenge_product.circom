// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "baby_jub.circom";
include "mirrored_bits.circom";
include "range_check.circom";

/// ChallengeProduct: enforces e = z * h modulo l, l the order of Base8, for a weight z and a signature's challenge h.
/// h     any field element; read as its integer in [0, p) and no other [1]
/// z     assumed an integer, |z| < 2^120 (SignedWindows)
/// e     assumed an integer, |e| < 2^251 (SignedWindows)
/// eLow  assumed an integer, |eLow| < 2^130, e - eLow a multiple of 2^130 (SignedWindows split at 65)
///
/// [1] writes h as v or p - 1 - v with v < 2^253. Let H = h, or h - 8 l where mirrored: the same modulo l, and since
/// p = 8 l - X with X = OrderExcess() < 2^126, H is v or -(v + 1 + X), |H| <= 2^253 + 2^126. And modulo 2^130, H is
/// hLow = low - mirrored * (1 + X).
/// Let D = z H - q l - e, an integer. [2] says D = 0 modulo p. By [3], |q| <= 2^122, so
///   |D| <= 2^120 (2^253 + 2^126) + 2^122 l + 2^251 < 2^374.
/// [4] says that lowD = z hLow - q l' - eLow - 2^130 c vanishes modulo p, with l' = l modulo 2^130, centred. By [3] [5]
///   |lowD| <= 2^120 (2^129 + 2^127) + 2^122 * 2^127 + 2^130 + 2^250 < 2^252 < p,
/// so lowD = 0, hence D = 0 modulo 2^130. p is odd and p * 2^130 > 2^383 > |D|: so D = 0, and
/// e = z H - q l = z h modulo l.
///
/// Complete: |H| <= 4 l + 2^126 for v as the prover chooses it, |e| < l, so |q| < 2^122; and then |c| < 2^120.
template ChallengeProduct() {
    signal input h;
    signal input z;
    signal input e;
    signal input eLow;

    var l = SubgroupOrder();
    var lLow = l % (1 << 130) - (1 << 130);                    // l' = -0.083 * 2^130
    assert(lLow < 0 && lLow > 0 - (1 << 127));
    assert(OrderExcess() > 0 && OrderExcess() < (1 << 126));

    signal mirrored;
    signal low;
    (mirrored, low) <== MirroredBits(253, 130, 0)(h);          // [1]

    signal q <-- (z * (h - 8 * l * mirrored) - e) * SubgroupOrderInverse(); // HINT, pinned by [2]
    z * (h - 8 * l * mirrored) === q * l + e;                  // [2]
    RangeCheck(123)(q + (1 << 122));                           // [3]

    var inverse = 7642192075210128679993693108134360918945221244528519675874274756177763923740; // 1 / 2^130
    assert(inverse * (1 << 130) == 1);
    signal zLow <== z * (low - (1 + OrderExcess()) * mirrored);
    signal c <-- (zLow - q * lLow - eLow) * inverse;           // HINT, pinned by [4]
    zLow === q * lLow + eLow + (1 << 130) * c;                 // [4]
    RangeCheck(121)(c + (1 << 120));                           // [5]
}
