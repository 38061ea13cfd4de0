// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "poseidon_permutation.circom";

/// PoseidonHash: circomlib's Poseidon(nInputs).
/// inputs  any field elements; bound by out
/// @param nInputs  constant, 1 to 16
template PoseidonHash(nInputs) {
    signal input inputs[nInputs];
    signal output out;
    component permutation = PoseidonPermutation(nInputs, 1);
    permutation.initialState <== 0;
    permutation.inputs <== inputs;
    out <== permutation.out[0];
}
