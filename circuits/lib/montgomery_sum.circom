// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "baby_jub.circom";

/// MontgomerySum: out = start + points[0] + ... + points[n - 1], or with `doubled` out = 2 * start + the same.
/// Three constraints an addition, two more for the doubling: 2 * start + d is (start + d) + start, and the middle
/// point's v is not needed (Eisentraeger, Lauter, Montgomery, CT-RSA 2003).
///
/// start, points  assumed on the curve (by the caller)
/// out            enforced on condition: no addition may meet two points with one u, that is two equal or opposite
///                points. A sum of opposite points is refused, as [1] then has no solution; at equal points [1] says
///                nothing, and the prover could choose the slope. The caller shows why no prover gets there
/// @param n  constant, at least 1
template MontgomerySum(n, doubled) {
    assert(n >= 1 && (doubled == 0 || doubled == 1));
    signal input start[2];
    signal input points[n][2];
    signal output out[2];

    // HINT for all slopes, with one inversion: the sums in Jacobian coordinates, x / z^2 and y / z^3. The slope at
    // addition i is rise[i] / z after it, and z grows by the factor run[i].
    var steps = n + doubled;
    var rise[steps];
    var run[steps];
    var x = start[0];
    var y = start[1];
    var z = 1;
    for (var i = 0; i < steps; i++) {
        var du;
        var dv;
        if (doubled == 1 && i == 1) { du = start[0]; dv = start[1]; }
        else if (doubled == 1 && i > 1) { du = points[i - 1][0]; dv = points[i - 1][1]; }
        else { du = points[i][0]; dv = points[i][1]; }
        var zz = z * z;
        var u = du * zz;
        var h = u - x;
        var r = dv * zz * z - y;
        var hh = h * h;
        rise[i] = r;
        run[i] = h;
        z = z * h;
        var next = r * r - hh * (x + u) - MontgomeryA() * z * z;
        y = r * (x * hh - next) - y * hh * h;
        x = next;
    }
    var slopes[steps];
    var inverse = 1 / z;
    for (var i = steps - 1; i >= 0; i--) {
        slopes[i] = rise[i] * inverse;
        inverse = inverse * run[i];
    }

    signal slope[steps];
    signal slopeSquared[steps];
    signal sums[n + 1][2];
    sums[0] <== start;
    for (var i = 0; i < n; i++) {
        var k = i + (i > 0 ? doubled : 0);
        slope[k] <-- slopes[k];                                                              // HINT, pinned by [1]
        slope[k] * (points[i][0] - sums[i][0]) === points[i][1] - sums[i][1];                // [1]
        slopeSquared[k] <== slope[k] * slope[k];
        if (doubled == 1 && i == 0) {
            // (middle + start), with middle's v = slope * (start.u - middle.u) - start.v put into the slope's equation.
            var middle = slopeSquared[0] - MontgomeryA() - start[0] - points[0][0];
            slope[1] <-- slopes[1];                                                          // HINT, pinned by [2]
            (slope[0] + slope[1]) * (start[0] - middle) === 2 * start[1];                    // [2]
            slopeSquared[1] <== slope[1] * slope[1];
            sums[1][0] <== slopeSquared[1] - MontgomeryA() - start[0] - middle;
            sums[1][1] <== slope[1] * (start[0] - sums[1][0]) - start[1];
        } else {
            sums[i + 1][0] <== slopeSquared[k] - MontgomeryA() - sums[i][0] - points[i][0];
            sums[i + 1][1] <== slope[k] * (sums[i][0] - sums[i + 1][0]) - sums[i][1];
        }
    }
    out <== sums[n];
}
