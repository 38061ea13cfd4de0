// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "native_bits.circom";

/// Limbs of the quotient: enough for every polynomial within the greatest bound, and its sign.
function QuotientLimbs(count, limbBits, modulusBits) {
    return (250 + limbBits * (count - 1) + 3 - modulusBits + limbBits - 1) \ limbBits;
}

/// ZeroModulo: enforces that a polynomial's integer value at 2^limbBits is a multiple of m: C(X) = (Q - K) m
/// for X = 2^limbBits, where K = X^q / 2 lets the quotient Q - K be negative. The carries go over as many limbs at once
/// as the field holds.
///
/// coefficient  assumed: integers of absolute value at most 2^bound, modulo the field's order (by the caller: that
///              follows from the widths of what they are made of, not from any check on them)
/// quotient     enforced: limbs in [0, X) [1]
/// @param count       constant, number of coefficients
/// @param bound       constant, 2 limbBits + 8 <= bound <= 250
/// @param limbBits    constant
/// @param modulus     constants, limbs of m, the highest not zero
/// @param limbs       constant, number of limbs of m, at most 16
/// @param modulusBits constant, bits of m; enforced: at least 127, as multipliers have to differ modulo m. Assumed: m
///                    is prime (the engine's README needs it for its multipliers, nothing here does)
///
/// Why sound. A column of g limbs is below 2^(bound + limbBits (g - 1)) (1 + 1/8) in absolute value, products of
/// quotient and modulus being below 16 X^2 <= 2^(bound - 4). A carry [2] is below 2^(bound - limbBits + 1) [3], more
/// than a column divided by X^g, carry included, ever is. So both sides of [2] are below
/// 2^(bound + limbBits (g - 1) + 2) <= 2^252, less than half the field's order: equal modulo that, they are equal. The
/// last column is zero [4].
template ZeroModulo(count, bound, limbBits, modulus, limbs, modulusBits) {
    assert(limbs <= 16 && bound >= 2 * limbBits + 8 && bound <= 250);
    // m >= 2^126, its bits being what modulusBits says: multipliers, which are below that, differ modulo m.
    assert(modulusBits >= 127 && modulusBits > limbBits * (limbs - 1) && modulusBits <= limbBits * limbs);
    assert(modulus[limbs - 1] >> (modulusBits - limbBits * (limbs - 1) - 1) == 1);
    var q = QuotientLimbs(count, limbBits, modulusBits);
    var g = (250 - bound) \ limbBits + 1;
    var columns = count > q + limbs - 1 ? count : q + limbs - 1;
    var groups = (columns + g - 1) \ g;
    var carryBits = bound - limbBits + 2;
    signal input coefficient[count];
    signal input quotient[q];

    for (var k = 0; k < q; k++) { NativeBits(limbBits)(quotient[k]); } // [1]
    signal carry[groups - 1];
    for (var t = 0; t < groups; t++) {
        var column = 0;
        if (t > 0) { column += carry[t - 1]; }
        for (var k = g * t; k < g * (t + 1) && k < columns; k++) {
            var limb = 0;
            if (k < count) { limb += coefficient[k]; }
            for (var j = 0; j < limbs; j++) {
                if (k >= j && k - j < q) {
                    limb -= modulus[j] * (quotient[k - j] - (k - j == q - 1 ? 1 << (limbBits - 1) : 0));
                }
            }
            column += limb * (1 << (limbBits * (k - g * t)));
        }
        if (t < groups - 1) {
            carry[t] <== column / (1 << (limbBits * g));       // [2]
            NativeBits(carryBits)(carry[t] + (1 << (carryBits - 1))); // [3]
        } else {
            column === 0;                                      // [4]
        }
    }
}
