// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "../lib/poseidon_permutation.circom";

/// PoseidonTwins: enforces that our permutation and circomlib's agree on the inputs.
template PoseidonTwins(nInputs, nOuts) {
    signal input inputs[nInputs];
    signal input initialState;
    signal ours[nOuts] <== PoseidonPermutation(nInputs, nOuts)(inputs, initialState);
    signal theirs[nOuts] <== PoseidonEx(nInputs, nOuts)(inputs, initialState);
    ours === theirs;
}
