// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// Sha2ChoicePair: the choices of two rounds that follow each other, Ch(f, g, h) and Ch(e, f, g), in one constraint for
/// both bits of a place: out[i] = Ch(f, g, h)[i] + scale * Ch(e, f, g)[i].
/// e, f, g, h  assumed: bits
/// out         enforced [1]
/// @param wordBits  constant
/// @param scale     constant, any number of the field: who adds up words chooses it so large that the two stay apart
///
/// Why [1] says that: Ch(x, y, z) = x(y - z) + z. As e = e^2 and so on for bits,
///   (scale e + g - h)(-scale e + 2f - g - h) + scale^2 e + g - h = 2 (f(g - h) + scale e(f - g)).
/// Three rounds would not go: with any diagonal, as bits are their squares, the matrix of that form has a rank above 2.
template Sha2ChoicePair(wordBits, scale) {
    signal input e[wordBits];
    signal input f[wordBits];
    signal input g[wordBits];
    signal input h[wordBits];
    signal output out[wordBits];
    for (var i = 0; i < wordBits; i++) {
        out[i] <== ((scale * e[i] + g[i] - h[i]) * (2 * f[i] - scale * e[i] - g[i] - h[i])
            + scale * scale * e[i] + g[i] - h[i]) / 2 + h[i] + scale * g[i];             // [1]
    }
}
