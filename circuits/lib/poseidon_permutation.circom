// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "circomlib/circuits/poseidon_constants.circom";

/// PoseidonPermutation: circomlib's PoseidonEx(nInputs, nOuts), from its constants in their optimised form (Poseidon,
/// eprint 2019/458, appendix B). As many constraints, but
/// - a third of the coefficients in A and B, which a prover multiplies with every witness: what a partial round leaves
///   in the first place of the state is a wire of its own, and its fifth power, which is linear in that, is none;
/// - a witness in less than half the time: circomlib hands its whole table to a new template in each partial round.
///
/// inputs, initialState  any field elements: the permutation's input, initialState first. Bound by out when nOuts is
///                       nInputs + 1, or when it is a hash, that is initialState fixed and nOuts 1
/// @param nInputs  constant, 1 to 16
/// @param nOuts    constant, 1 to nInputs + 1: how many places of the result are wanted
template PoseidonPermutation(nInputs, nOuts) {
    assert(nInputs >= 1 && nInputs <= 16);
    assert(nOuts >= 1 && nOuts <= nInputs + 1);
    signal input inputs[nInputs];
    signal input initialState;
    signal output out[nOuts];

    var PARTIAL[16] = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68]; // rounds, for t = 2 to 17
    var t = nInputs + 1;
    var partial = PARTIAL[nInputs - 1];
    var C[8 * t + partial] = POSEIDON_C(t);
    var S[partial * (2 * t - 1)] = POSEIDON_S(t);
    var M[t][t] = POSEIDON_M(t);
    var P[t][t] = POSEIDON_P(t);

    signal square[8][t];
    signal fourth[8][t];
    signal fifth[8][t];
    signal partialSquare[partial];
    signal partialFourth[partial];
    signal first[partial];

    // Sums of signals and constants: no signals of their own.
    var state[t];
    var next[t];
    var constant = t;
    state[0] = initialState + C[0];
    for (var j = 1; j < t; j++) { state[j] = inputs[j - 1] + C[j]; }

    for (var r = 0; r < 8; r++) {
        if (r == 4) {
            // Every partial round multiplies the fifth power by the same constant: one division by it serves them all.
            var inverse = 1 / S[0];
            for (var p = 0; p < partial; p++) {
                var row = p * (2 * t - 1);
                assert(S[row] == S[0]);
                var rest = 0;
                for (var j = 1; j < t; j++) { rest += S[row + j] * state[j]; }
                partialSquare[p] <== state[0] * state[0];
                partialFourth[p] <== partialSquare[p] * partialSquare[p];
                first[p] <== S[0] * partialFourth[p] * state[0] + S[0] * C[constant] + rest;
                constant++;
                var fifthAndConstant = (first[p] - rest) * inverse;
                for (var j = 1; j < t; j++) { state[j] += S[row + t - 1 + j] * fifthAndConstant; }
                state[0] = first[p];
            }
        }
        for (var j = 0; j < t; j++) {
            square[r][j] <== state[j] * state[j];
            fourth[r][j] <== square[r][j] * square[r][j];
            fifth[r][j] <== fourth[r][j] * state[j];
        }
        for (var i = 0; i < t; i++) { next[i] = 0; }
        for (var j = 0; j < t; j++) {
            var term = fifth[r][j];
            if (r < 7) {
                term += C[constant];
                constant++;
            }
            for (var i = 0; i < t; i++) { next[i] += (r == 3 ? P[j][i] : M[j][i]) * term; }
        }
        for (var i = 0; i < t; i++) { state[i] = next[i]; }
    }
    for (var i = 0; i < nOuts; i++) { out[i] <== state[i]; }
}
