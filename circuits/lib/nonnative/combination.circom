// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// Combination: sum of multiplier[i] * multiplier[j] * relation[r] over the pairs i <= j, in the order (0, 0), (0, 1),
/// (1, 1), (0, 2), ...: a quadratic form in the multipliers, with the relations for coefficients. If one is not zero,
/// it vanishes for at most two in |S| of the multipliers that are drawn from a set S, in any field (Schwartz, Zippel).
/// relation, multiplier  any field elements: here, values of polynomials at one point
/// out                   enforced
/// @param relations, multipliers  constants; enforced: as many pairs as relations
template Combination(relations, multipliers) {
    assert(relations >= 1 && relations <= multipliers * (multipliers + 1) \ 2);
    signal input relation[relations];
    signal input multiplier[multipliers];
    signal output out;
    signal term[relations];
    signal row[multipliers];
    var total = 0;
    var r = 0;
    for (var j = 0; j < multipliers; j++) {
        var sum = 0;
        for (var i = 0; i <= j && r < relations; i++) {
            term[r] <== multiplier[i] * relation[r];
            sum += term[r];
            r++;
        }
        row[j] <== multiplier[j] * sum;
        total += row[j];
    }
    out <== total;
}
