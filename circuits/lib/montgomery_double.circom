// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "baby_jub.circom";

/// MontgomeryDouble: out = 2 * in.
/// in        assumed on the curve (by the caller), (u, v)
/// uSquared  assumed u * u: callers often have it already
/// out       enforced [1] [2] [3]; on the curve, since the tangent meets the curve there
///
/// At v = 0, that is at (0, 0), the point of order 2, [1] has no solution: its right side is 1. Nowhere else is v zero,
/// so the slope is determined.
template MontgomeryDouble() {
    signal input in[2];
    signal input uSquared;
    signal output out[2];
    signal slope <-- (3 * uSquared + 2 * MontgomeryA() * in[0] + 1) / (2 * in[1]); // HINT, pinned by [1]
    slope * (2 * in[1]) === 3 * uSquared + 2 * MontgomeryA() * in[0] + 1; // [1]
    signal slopeSquared <== slope * slope;                                 // [2]
    out[0] <== slopeSquared - MontgomeryA() - 2 * in[0];
    out[1] <== slope * (in[0] - out[0]) - in[1];                           // [3]
}
